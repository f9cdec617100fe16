using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// A body that is a file of its own. Counts who may still need it: the channel that publishes it, a batch on its way,
/// each queue that has the message, each outbox that sends it. The last one to let go deletes the file. Any thread.
/// </summary>
public sealed class BodyFile
{
    private readonly BodyFiles _files;
    private int _holders;

    internal BodyFile(BodyFiles files, ulong number, long length)
    {
        _files = files;
        Number = number;
        Length = length;
    }

    /// <summary>What messages name it by; never given again.</summary>
    public ulong Number { get; }

    /// <summary>Bytes written so far; all of them once a message names it.</summary>
    public long Length { get; internal set; }

    internal bool IsHeld => Volatile.Read(ref _holders) > 0;

    /// <summary>One more needs it. Whoever calls this holds it already, or knows somebody who does.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>
    /// One less needs it. Takes a lock to have the file deleted: not to be called with a leaf lock held.
    /// </summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            _files.Delete(this);
    }

    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public IDiskFile Open() => _files.Disk.Open(_files.PathOf(Number), DiskOpenMode.Existing);
}
