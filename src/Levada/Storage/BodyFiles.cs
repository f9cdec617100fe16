using System.Collections.Concurrent;
using System.Globalization;
using Levada.Platform;
using Microsoft.Extensions.Logging;

namespace Levada.Storage;

/// <summary>
/// The bodies of the node that are files of their own, in one folder, as a message may go to queues of several shards.
/// All of them have a name on disk: descriptors are only held while one is written or sent. What no message names after
/// a start is deleted then. Any thread.
/// </summary>
public sealed partial class BodyFiles
{
    /// <summary>
    /// A body longer than this is a file: it fits no window, and a group of the journal would wait for it.
    /// </summary>
    public const int LargeAbove = 1 << 20;

    private const string Suffix = ".body";

    private readonly ConcurrentDictionary<ulong, BodyFile> _files = new();
    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly ulong _firstNumber;
    private long _made;
    private volatile bool _isFolderMade;
    private volatile bool _isFolderDurable;
    private volatile bool _isRecovering = true;

    /// <param name="disk">The disk.</param>
    /// <param name="folder">Theirs alone; made with the first one.</param>
    /// <param name="epoch">The start's number: no number of an earlier start is given again.</param>
    /// <param name="scheduler">Runs syncs and deletions.</param>
    /// <param name="logger">For what an operator must know.</param>
    public BodyFiles(IDisk disk, string folder, uint epoch, IScheduler scheduler, ILogger logger)
    {
        Disk = disk;
        _folder = folder;
        _firstNumber = (ulong)epoch << 32;
        Scheduler = scheduler;
        _logger = logger;
    }

    /// <summary>How many there are.</summary>
    public int Count => _files.Count;

    /// <summary>What they hold, in bytes.</summary>
    public long Bytes => _files.Values.Sum(static file => file.Length);

    internal IDisk Disk { get; }

    internal IScheduler Scheduler { get; }

    /// <summary>A new one, held once, for its writer.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public BodyWriter Create()
    {
        if (!_isFolderMade)
            Disk.CreateFolder(_folder);
        _isFolderMade = true;
        var file = new BodyFile(this, _firstNumber + (ulong)Interlocked.Increment(ref _made), 0);
        var writer = new BodyWriter(this, file, Disk.Open(PathOf(file.Number), DiskOpenMode.Create));
        file.Hold();
        _files[file.Number] = file;
        return writer;
    }

    /// <summary>The body that a message names; somebody holds it as long as there is the message.</summary>
    public BodyFile Find(ulong number) => _files[number];

    /// <summary>
    /// The body that a recovered message names. Whether it is there shows when all is replayed.
    /// </summary>
    internal BodyFile Restore(ulong number, long length) =>
        _files.GetOrAdd(number, _ => new BodyFile(this, number, length));

    /// <summary>What is wrong with a recovered body; null if it is there as it should be.</summary>
    internal string? Fault(BodyFile body)
    {
        string path = PathOf(body.Number);
        if (!Disk.Exists(path))
            return $"{path}: the file is missing";
        using IDiskFile file = Disk.Open(path, DiskOpenMode.Existing);
        return file.Length < body.Length ? $"{path}: {file.Length} bytes instead of {body.Length}" : null;
    }

    /// <summary>After the recovery of all shards: what no message names goes.</summary>
    public void EndRecovery()
    {
        foreach (string name in Disk.List(_folder))
        {
            if (TryParse(name, out ulong number) && !(_files.TryGetValue(number, out BodyFile? file) && file.IsHeld))
            {
                _files.TryRemove(number, out _);
                Disk.Delete(Path.Combine(_folder, name));
            }
        }

        foreach (BodyFile file in _files.Values)
        {
            if (!file.IsHeld)
                _files.TryRemove(file.Number, out _);
        }

        _isRecovering = false;
    }

    internal string PathOf(ulong number) => Path.Combine(_folder, $"{number:x16}{Suffix}");

    /// <summary>Makes the names of new files durable. On a disk thread.</summary>
    internal void SyncFolder()
    {
        if (!_isFolderDurable && Path.GetDirectoryName(_folder) is { Length: > 0 } data)
            Disk.SyncFolder(data);
        _isFolderDurable = true;
        Disk.SyncFolder(_folder);
    }

    /// <summary>Nobody needs it any more. While shards are recovered, one may still come that does.</summary>
    internal void Delete(BodyFile file)
    {
        if (_isRecovering)
            return;
        _files.TryRemove(file.Number, out _);
        Scheduler.RunBlocking(new Deletion(this, PathOf(file.Number)));
    }

    private static bool TryParse(string name, out ulong number)
    {
        number = 0;
        return name.EndsWith(Suffix, StringComparison.Ordinal) && ulong.TryParse(
            name.AsSpan(0, name.Length - Suffix.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture,
            out number);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Path} cannot be deleted: {Reason}. It is not needed any more; the next start tries again")]
    private partial void LogNotDeleted(string path, string reason);

    private sealed class Deletion(BodyFiles files, string path) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            try
            {
                files.Disk.Delete(path);
            }
            catch (IOException e)
            {
                files.LogNotDeleted(path, e.Message);
            }
        }
    }
}
