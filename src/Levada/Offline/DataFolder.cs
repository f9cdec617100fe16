using System.Globalization;
using Levada.Definitions;
using Levada.Journal;
using Levada.Platform;
using Levada.Storage;

namespace Levada.Offline;

/// <summary>
/// A broker's data folder while no broker runs: what is in it, whether it is whole, and what can be done if it is not.
/// Holds the folder's lock. One caller at a time.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly FolderLock _lock;
    private readonly Action<DataProgress> _tell;

    private DataFolder(string path, FolderLock folderLock, Action<DataProgress> tell)
    {
        Path = path;
        _lock = folderLock;
        _tell = tell;
    }

    public string Path { get; }

    private string CatalogLog => System.IO.Path.Combine(Path, "catalog", "catalog.log");

    /// <param name="path">The folder.</param>
    /// <param name="tell">Hears how far long work is; from any thread.</param>
    /// <exception cref="FolderInUseException">A broker has it.</exception>
    /// <exception cref="InvalidDataException">It is no data folder.</exception>
    /// <exception cref="IOException">It cannot be locked.</exception>
    public static DataFolder Open(string path, Action<DataProgress>? tell = null)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(System.IO.Path.Combine(path, "catalog")))
            throw new InvalidDataException($"{path} is no data folder of a broker: there is no folder 'catalog' in it");
        return new DataFolder(path, FolderLock.Acquire(path), tell ?? (static _ => { }));
    }

    /// <summary>Virtual hosts, queues with what is in them, and shards. Changes nothing.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<DataContent> ListAsync()
    {
        using var disk = new UnchangedDisk();
        await using var data = OpenOn(disk, "reading", withUpkeep: false);
        return ContentOf(data);
    }

    /// <summary>Definitions as the HTTP API exports them. Changes nothing.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<byte[]> DefinitionsAsync()
    {
        using var disk = new UnchangedDisk();
        await using var data = OpenOn(disk, "reading", withUpkeep: false);
        return DefinitionsWriter.Write(data.Catalog, Broker.Version);
    }

    /// <summary>Goes through messages in the order in which they would be delivered. Changes nothing.</summary>
    /// <param name="vhost">Of which virtual host; null for all.</param>
    /// <param name="queue">Of which queue; null for all.</param>
    /// <param name="seen">Is given some of a queue at a time.</param>
    /// <returns>What could not be read.</returns>
    /// <exception cref="InvalidDataException">There is no such queue.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<IReadOnlyList<DataFault>> ReadAsync(
        string? vhost, string? queue, Func<QueueContent, IReadOnlyList<SeenMessage>, Task> seen)
    {
        using var disk = new UnchangedDisk();
        await using var data = OpenOn(disk, "reading", withUpkeep: false);
        var queues = data.Queues()
            .Where(q => (vhost is null || q.VHost == vhost) && (queue is null || q.Name == queue)).ToList();
        if (queues.Count == 0 && (vhost ?? queue) is not null)
        {
            var where = vhost is null ? Path : $"vhost '{vhost}'";
            throw new InvalidDataException($"there is no queue {(queue is null ? "" : $"'{queue}' ")}in {where}");
        }
        await WalkAsync(data, queues, "messages", seen);
        return data.Faults;
    }

    /// <summary>Compares every checksum. Changes nothing.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async Task<(DataContent Content, IReadOnlyList<DataFault> Faults)> VerifyAsync()
    {
        using var disk = new UnchangedDisk();
        await using var data = OpenOn(disk, "reading", withUpkeep: false);
        var content = ContentOf(data);
        // What a start would not look at any more and delete, before the walk changes anything.
        var unnamed = data.Faults.Count == 0 ? [] : disk.Deleted;
        await WalkAsync(data, data.Queues(), "messages", static (_, _) => Task.CompletedTask);
        var faults = data.Faults.ToList();
        using var fresh = new UnchangedDisk();
        faults.AddRange(unnamed.Select(path => Unnamed(fresh, path, data.Faults)).OfType<DataFault>());
        faults.AddRange(CheckFiles(fresh));
        return (content, faults);
    }

    /// <summary>
    /// Makes the folder whole: keeps copies of what is damaged in a folder of its own, cuts what was never finished,
    /// lets go of what cannot be read, and writes the rest anew where it lay beside damage.
    /// </summary>
    /// <param name="isDryRun">Only say what would be done.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public async Task<RepairReport> RepairAsync(bool isDryRun)
    {
        var (_, faults) = await VerifyAsync();
        if (isDryRun || faults.Count == 0)
            return new RepairReport(faults, null, [], []);
        var (aside, kept) = SetAside(faults);
        DeleteWhatMisleads(faults);
        var data = OpenOn(new FileSystemDisk(), "repairing", withUpkeep: true);
        await using (data.ConfigureAwait(false))
        {
            await WalkAsync(data, data.Queues(), "repairing", static (_, _) => Task.CompletedTask);
            data.Replace(Segments(faults));
            await data.StopCleanAsync();
        }
        var (_, left) = await VerifyAsync();
        return new RepairReport(faults, aside, kept, left);
    }

    public void Dispose() => _lock.Dispose();

    private static IEnumerable<(int Shard, long Segment)> Segments(IEnumerable<DataFault> faults)
    {
        foreach (var path in faults.Select(static fault => fault.Part?.Path).OfType<string>().Distinct())
        {
            var shard = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path));
            if (Segment.TryParseName(System.IO.Path.GetFileName(path), out var segment))
                yield return (int.Parse(shard!, CultureInfo.InvariantCulture), segment);
        }
    }

    private static DataFault? Unnamed(UnchangedDisk disk, string path, IReadOnlyList<DataFault> faults)
    {
        var name = System.IO.Path.GetFileName(path);
        var part = new FilePart(path, 0, 0);
        if (Segment.TryParseName(name, out _))
        {
            return new DataFault(
                $"{path}: nothing says any more which of its {SegmentScan.Count(disk, path)} messages are wanted", 0)
            {
                Part = part,
            };
        }
        if (name.EndsWith(".body", StringComparison.Ordinal))
            return new DataFault($"{path}: no message names this body", 0) { Part = part };
        var folder = System.IO.Path.GetDirectoryName(path);
        return JournalFile.TryParseName(name, out _)
            && faults.Any(f => f.IsMisleading && System.IO.Path.GetDirectoryName(f.Part!.Path) == folder)
            ? new DataFault($"{path}: without a checkpoint nothing tells this old file from a new one", 0)
            {
                Part = part, IsMisleading = true,
            }
            : null;
    }

    private OpenedData OpenOn(IDisk disk, string stage, bool withUpkeep)
    {
        if (!disk.Exists(CatalogLog))
            throw new InvalidDataException($"{CatalogLog} is missing: without it nobody knows which queues there are");
        _tell(new DataProgress(stage, 0, 0));
        return new OpenedData(Path, disk, withUpkeep);
    }

    private static DataContent ContentOf(OpenedData data) => new(
        [.. data.Catalog.VHosts.Select(static vhost => vhost.Name).Order(StringComparer.Ordinal)], data.Queues(),
        data.Shards(), data.Faults);

    private async Task WalkAsync(
        OpenedData data, IReadOnlyList<QueueContent> queues, string stage,
        Func<QueueContent, IReadOnlyList<SeenMessage>, Task> seen)
    {
        var (done, total) = (0L, queues.Sum(static queue => queue.Messages));
        foreach (var queue in queues)
        {
            await data.WalkAsync(queue, async messages =>
            {
                await seen(queue, messages);
                done += messages.Count;
                _tell(new DataProgress(stage, done, total));
            });
        }
    }

    private IEnumerable<DataFault> CheckFiles(UnchangedDisk disk)
    {
        var segments = (
            from shard in OpenedData.ShardFolders(Path)
            let folder = System.IO.Path.Combine(Path, "shards", $"{shard}")
            from name in disk.List(folder).Order(StringComparer.Ordinal)
            let number = Segment.TryParseName(name, out var parsed) ? parsed : 0
            where number > 0
            select (Shard: shard, Number: number, Path: System.IO.Path.Combine(folder, name))).ToList();
        var (done, total) = (0L, segments.Sum(static s => new FileInfo(s.Path).Length));
        foreach (var (shard, number, path) in segments)
        {
            foreach (var fault in SegmentScan.Check(disk, path, shard, number))
                yield return fault;
            done += new FileInfo(path).Length;
            _tell(new DataProgress("segments", done, total));
        }
    }

    // Without any checkpoint a start knows no number of a journal file, and would take an old one that waits to be
    // filled anew for the first of all. What is in it that counts was read; copies were made.
    private static void DeleteWhatMisleads(IEnumerable<DataFault> faults)
    {
        foreach (var path in faults.Where(static f => f.IsMisleading).Select(static f => f.Part!.Path))
            File.Delete(path);
    }

    private (string Folder, IReadOnlyList<string> Files) SetAside(IEnumerable<DataFault> faults)
    {
        var now = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture);
        var folder = System.IO.Path.Combine(Path, "damaged", now);
        Directory.CreateDirectory(folder);
        var kept = new List<string>();
        foreach (var part in faults.Select(static f => f.Part).OfType<FilePart>().Distinct())
        {
            if (!File.Exists(part.Path))
                continue;
            var name = System.IO.Path.GetRelativePath(Path, part.Path).Replace(
                System.IO.Path.DirectorySeparatorChar, '-');
            var to = System.IO.Path.Combine(folder, part.Bytes == 0 ? name : $"{name}.at-{part.Offset}");
            using var from = File.OpenRead(part.Path);
            using var copy = File.Create(to);
            from.Position = part.Offset;
            CopyTo(from, copy, part.Bytes == 0 ? long.MaxValue : part.Bytes);
            copy.Flush(flushToDisk: true);
            kept.Add(to);
        }
        File.WriteAllLines(
            System.IO.Path.Combine(folder, "report.txt"),
            faults.Select(static f => $"{f.What}{(f.Queue is null ? "" : $" (queue {f.Queue})")}"
                + (f.IsTornTail ? "; never acknowledged" : $"; {f.Messages} lost")));
        return (folder, kept);
    }

    private static void CopyTo(Stream from, Stream to, long bytes)
    {
        var buffer = new byte[1 << 16];
        while (bytes > 0 && from.Read(buffer, 0, (int)Math.Min(buffer.Length, bytes)) is > 0 and var read)
        {
            to.Write(buffer, 0, read);
            bytes -= read;
        }
    }
}
