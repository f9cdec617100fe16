using Levada.Platform;
using Levada.Storage;

namespace Levada.Journal;

/// <summary>
/// One file of the journal. The counts are the turn's; the handle is set once, by the disk thread that opens the file,
/// before any byte of it leaves memory.
/// </summary>
internal sealed class JournalFile(long number, string path) : StoredFile(path)
{
    private IDiskFile? _handle;

    /// <summary>Grows by one with each file.</summary>
    public long Number { get; } = number;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It is not open yet.</exception>
    public override IDiskFile Handle => Volatile.Read(ref _handle)
        ?? throw new InvalidOperationException($"{Path} is not open");

    public bool IsOpen => Volatile.Read(ref _handle) is not null;

    /// <summary>Entries that point into it.</summary>
    public long Live { get; set; }

    /// <summary>Index of its first record.</summary>
    public long FirstIndex { get; set; }

    /// <summary>Whatever was live in it has been copied to segments.</summary>
    public bool IsCopied { get; set; }

    /// <summary>Index of its last record; meaningful once the next file is in use.</summary>
    public long LastIndex { get; set; }

    /// <summary>Where its last group ends; meaningful once the next file is in use.</summary>
    public long End { get; set; }

    public static string NameOf(long number) => $"journal-{number:D12}.log";

    /// <summary>The number in a file's name; false if it is no journal file's.</summary>
    public static bool TryParseName(string name, out long number)
    {
        number = 0;
        return name.StartsWith("journal-", StringComparison.Ordinal)
            && name.EndsWith(".log", StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(8, name.Length - 12), out number);
    }

    public void Attach(IDiskFile handle) => Volatile.Write(ref _handle, handle);

    /// <summary>Takes the handle out, for the file's next life under another number.</summary>
    public IDiskFile Detach() => Interlocked.Exchange(ref _handle, null)
        ?? throw new InvalidOperationException($"{Path} is not open");

    public override void Dispose() => _handle?.Dispose();
}
