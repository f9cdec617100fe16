namespace Levada.Platform;

/// <summary>No space left on the device (ENOSPC) or quota used up (EDQUOT).</summary>
public sealed class DiskFullException : IOException
{
    public DiskFullException(string message)
        : base(message)
    {
    }

    public DiskFullException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public DiskFullException()
    {
    }
}
