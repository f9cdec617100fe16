using Levada.Catalog;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Queues;
using Levada.Storage;
using Microsoft.Extensions.Logging;

namespace Levada;

// What a start makes of the files.
public sealed partial class Broker
{
    /// <summary>Hears what the recovery of a shard found, besides the log.</summary>
    internal Action<Shard, RecoveryReport>? Recovered { private get; init; }

    /// <summary>Hears what the catalog's log held, besides the log.</summary>
    internal Action<CatalogReport>? CatalogRead { private get; init; }

    private void Recover(CatalogReport catalog)
    {
        CatalogRead?.Invoke(catalog);
        var durable = catalog.Queues.ToLookup(static q => q.Shard);
        // If definitions were lost, a queue that the catalog does not know need not be a deleted one.
        var counter = catalog.Damage.Count == 0 ? catalog.QueueIdCounter : 0;
        Bodies = new BodyFiles(
            _disk, Path.Combine(Options.DataDir, "bodies"), Catalog.Epoch, Scheduler,
            _loggers.CreateLogger<BodyFiles>());
        foreach (var shard in _shards)
        {
            var store = new MessageStore(
                shard.Id,
                ShardFolder(Options, shard.Id),
                _disk,
                Scheduler,
                StoreLimits with
                {
                    Timings = Timings,
                    Epoch = Catalog.Epoch,
                    ShardCount = _shards.Count,
                    Time = Time,
                    Fatal = (reason, cause) => Fatal(new IOException(reason, cause)),
                },
                Bodies,
                shard.Post,
                _loggers.CreateLogger<MessageStore>());
            shard.Use(store);
            shard.DiskFullChanged = DiskFullChanged;
            shard.RouteDeadLetter = new DeadLetterRoutes(Catalog).Find;
            shard.QueueExpired = queue => DeleteQueue(queue, static () => { });
            Report(shard, store.Recover([.. durable[shard].Select(static q => q.Id)], counter));
            foreach (var queue in durable[shard])
                shard.Attach(queue);
        }
        Bodies.EndRecovery();
        EndMoves(catalog.Queues.ToDictionary(static q => q.Id));
    }

    // The number that the data folder has: a queue is in the shard that it was made in.
    private static int ShardsOf(BrokerOptions options, IDisk disk)
    {
        for (var count = BrokerOptions.ShardsMax; count > 0; count--)
        {
            if (disk.List(ShardFolder(options, new ShardId(count - 1))).Count > 0)
                return count;
        }
        return options.EffectiveShards;
    }

    private static string ShardFolder(BrokerOptions options, ShardId shard) =>
        Path.Combine(options.DataDir, "shards", $"{shard}");

    // What a crash left in two queues is in the one that it was moved to.
    private void EndMoves(Dictionary<QueueId, Queue> queues)
    {
        var left = _shards.SelectMany(static shard => shard.Store.Arrivals.Open)
            .Where(arrival => queues.ContainsKey(arrival.Source))
            .Select(arrival => (From: queues[arrival.Source], Arrival: arrival))
            .ToLookup(static moved => moved.From.Shard);
        foreach (var shard in _shards)
            shard.Start([.. left[shard]]);
    }

    private void Report(Shard shard, RecoveryReport report)
    {
        if (!report.CleanStop)
            LogUncleanStop(shard.Id, report.Messages, report.TornBytes);
        foreach (var damage in report.Damages)
            LogDamage(shard.Id, damage.What, damage.Messages);
        Recovered?.Invoke(shard, report);
    }
}
