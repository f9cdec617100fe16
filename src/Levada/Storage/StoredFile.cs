using Levada.Platform;

namespace Levada.Storage;

/// <summary>A file that messages are read from: of the journal, or a segment.</summary>
internal abstract class StoredFile(string path) : IDisposable
{
    public string Path { get; } = path;

    /// <summary>
    /// Reads under way; the turn counts them. While there are any the file is neither reused nor closed.
    /// </summary>
    public int Readers { get; set; }

    /// <summary>The open file; opened if need be, so only disk threads ask.</summary>
    public abstract IDiskFile Handle { get; }

    public abstract void Dispose();
}
