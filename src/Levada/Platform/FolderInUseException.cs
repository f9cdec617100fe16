namespace Levada.Platform;

/// <summary>The data folder belongs to a running broker.</summary>
public sealed class FolderInUseException : IOException
{
    public FolderInUseException(string folder, int? processId, Exception inner)
        : base(Text(folder, processId), inner)
    {
    }

    public FolderInUseException(string message)
        : base(message)
    {
    }

    public FolderInUseException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public FolderInUseException()
    {
    }

    private static string Text(string folder, int? processId) =>
        $"the data folder {folder} is used by another broker"
        + (processId is int id ? $" (process {id})" : "")
        + "; stop that one or choose another folder with --data-dir";
}
