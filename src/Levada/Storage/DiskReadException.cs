namespace Levada.Storage;

/// <summary>A read failed, which says nothing about what is on the disk: it is tried again.</summary>
internal sealed class DiskReadException : IOException
{
    public DiskReadException()
    {
    }

    public DiskReadException(string message)
        : base(message)
    {
    }

    public DiskReadException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
