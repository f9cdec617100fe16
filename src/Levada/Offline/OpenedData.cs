using System.Collections.Concurrent;
using Levada.Catalog;
using Levada.Journal;
using Levada.Platform;
using Levada.Queues;
using Levada.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Levada.Offline;

/// <summary>
/// A data folder opened by a broker that listens nowhere and for which time stands still. What it finds wrong is
/// gathered.
/// </summary>
internal sealed class OpenedData : IAsyncDisposable
{
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<DataFault> _faults = new();
    private readonly Dictionary<int, RecoveryReport> _recovered = [];
    private readonly Broker _broker;

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It was written by a later version, or parts do not fit together.
    /// </exception>
    public OpenedData(string folder, IDisk disk, bool withUpkeep)
    {
        Folder = folder;
        var shards = ShardFolders(folder) is [.., var last] ? last + 1 : 1;
        var options = new BrokerOptions { DataDir = folder, Shards = shards };
        _broker = new Broker(options, NullLoggerFactory.Instance, disk, new PoolScheduler(), new FrozenTime())
        {
            StoreLimits = new StoreOptions { Epoch = 1, WithoutUpkeep = !withUpkeep },
            EndProcess = cause => _failed.TrySetException(new IOException(cause.Message, cause)),
            CatalogRead = OnCatalogRead,
            Recovered = OnRecovered,
        };
        _broker.Open();
    }

    public string Folder { get; }

    public CatalogStore Catalog => _broker.Catalog;

    /// <summary>What is wrong, as far as it was looked at.</summary>
    public IReadOnlyList<DataFault> Faults => [.. _faults];

    /// <summary>The numbers of the shards that have a folder.</summary>
    public static IReadOnlyList<int> ShardFolders(string folder)
    {
        var shards = Path.Combine(folder, "shards");
        return !Directory.Exists(shards) ? [] :
        [
            .. Directory.EnumerateDirectories(shards)
                .Select(static path => int.TryParse(Path.GetFileName(path), out var number) ? number : -1)
                .Where(static number => number >= 0).Order(),
        ];
    }

    public IReadOnlyList<QueueContent> Queues() =>
    [
        .. from vhost in Catalog.VHosts
           from queue in vhost.Queues().Concat(vhost.DelayQueues())
           orderby vhost.Name, queue.IsDelayQueue, queue.Name
           select new QueueContent(queue, queue.IsDelayQueue, queue.State.Ready, BytesOf(queue)),
    ];

    public IReadOnlyList<ShardContent> Shards() => [.. ShardFolders(Folder).Select(number =>
    {
        var files = new DirectoryInfo(Path.Combine(Folder, "shards", $"{number}")).GetFiles();
        var journal = files.Where(static f => JournalFile.TryParseName(f.Name, out _)).ToList();
        var segments = files.Where(static f => Segment.TryParseName(f.Name, out _)).ToList();
        var report = _recovered.GetValueOrDefault(number);
        return new ShardContent(
            number, report?.CleanStop ?? true, report?.TornBytes ?? 0, journal.Count,
            journal.Sum(static f => f.Length), segments.Count, segments.Sum(static f => f.Length));
    })];

    /// <summary>
    /// Goes through all messages of a queue. The checksum of each is compared; one that cannot be read is a fault.
    /// </summary>
    /// <param name="content">The queue.</param>
    /// <param name="seen">Is given some at a time, which go after that.</param>
    public async Task WalkAsync(QueueContent content, Func<IReadOnlyList<SeenMessage>, Task> seen)
    {
        var (part, from) = (0, 0ul);
        while (true)
        {
            var step = await AskAsync<WalkStep>(
                content.Queue.Shard, done => new WalkCommand(content.Queue, part, from, done));
            if (step.IsAtEnd)
                return;
            try
            {
                await seen(step.Messages);
            }
            finally
            {
                foreach (var message in step.Messages)
                    message.Dispose();
            }
            (part, from) = (step.Part, step.From);
        }
    }

    /// <summary>Has what counts in segments copied to other ones, and the files deleted.</summary>
    public void Replace(IEnumerable<(int Shard, long Segment)> segments)
    {
        foreach (var (shard, segment) in segments)
            _broker.Shards[shard].Post(new ReplaceSegment(segment));
    }

    /// <summary>
    /// Waits until no journal file from before the start holds anything that counts, and all other work in the
    /// background is done, then ends like a broker that stops.
    /// </summary>
    public async Task StopCleanAsync()
    {
        foreach (var shard in _broker.Shards)
        {
            while (!await AskAsync<bool>(shard, done => new AskIfAtRest(done)))
                await Task.Delay(20);
        }
        var stopped = Task.WhenAll(_broker.Shards.Select(static shard => shard.StopAsync()));
        await await Task.WhenAny(stopped, _failed.Task);
        await Catalog.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private static long BytesOf(Queue queue) =>
        queue.State.Messages.Above.Append(queue.State.Messages).Sum(static messages => messages.ReadyBytes);

    private async Task<T> AskAsync<T>(Shard shard, Func<Action<T>, ShardWork> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Post(work(answer.SetResult));
        await await Task.WhenAny(answer.Task, _failed.Task);
        return await answer.Task;
    }

    private void OnCatalogRead(CatalogReport report)
    {
        var log = Path.Combine(Folder, "catalog", "catalog.log");
        foreach (var damage in report.Damage)
            _faults.Enqueue(new DataFault($"{log}: {damage}", 1) { Part = new FilePart(log, 0, 0) });
        if (report.TornOctets > 0)
        {
            _faults.Enqueue(new DataFault($"{log}: {report.TornOctets} bytes at the end are of an unfinished write", 0)
            {
                IsTornTail = true, Part = new FilePart(log, 0, 0),
            });
        }
    }

    private void OnRecovered(Shard shard, RecoveryReport report)
    {
        _recovered[shard.Id.Value] = report;
        foreach (var damage in report.Damages)
            Add(damage);
        foreach (var part in report.Torn)
        {
            _faults.Enqueue(new DataFault($"{part.Path}: {part.Bytes} bytes at {part.Offset} were never finished", 0)
            {
                IsTornTail = true, Part = part,
            });
        }
        shard.Store.Damaged = Add;
    }

    private void Add(Damage damage) => _faults.Enqueue(new DataFault(damage.What, damage.Messages)
    {
        Queue = damage.Queue is { } id ? NameOf(id) : null, Part = damage.Part,
        IsMisleading = damage.Part is { } part
            && Path.GetFileName(part.Path).StartsWith("checkpoint-", StringComparison.Ordinal),
    });

    private string NameOf(QueueId id)
    {
        var queue = Catalog.VHosts.SelectMany(static vhost => vhost.Queues().Concat(vhost.DelayQueues()))
            .FirstOrDefault(queue => queue.Id == id);
        return queue is null ? $"with the id {id}" : $"'{queue.Name}' in vhost '{queue.VHost}'";
    }

    private sealed class AskIfAtRest(Action<bool> done) : ShardWork
    {
        protected internal override void Run(Shard shard) => done(shard.Store.IsAtRest);
    }

    private sealed class ReplaceSegment(long number) : ShardWork
    {
        protected internal override void Run(Shard shard) => shard.Store.ReplaceSegment(number);
    }
}
