using System.Diagnostics;
using Levada.Accounting;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Queues;

namespace Levada;

/// <summary>Where the process's memory is.</summary>
public sealed partial class Broker
{
    internal Departed Departed { get; } = new();

    /// <summary>
    /// Adds up where the memory is. Takes the connections' turns one by one and looks at queues on their shards' turns,
    /// a thousand at a time; a second look does not begin before the first has ended.
    /// </summary>
    /// <exception cref="IOException">The system does not tell what is mapped.</exception>
    public async Task<MemoryBreakdown> TakeMemoryAsync()
    {
        await _memoryLook.WaitAsync();
        try
        {
            var started = Stopwatch.GetTimestamp();
            var clients = new ClientMemory();
            foreach (var connection in Connections.All)
                connection.AddTo(clients);
            var (shards, lists) = await AddShardsAsync();
            var account = new HeapAccount(
                clients, shards, PostBatch.Pooled(), CatalogBytes() + lists, HistoryBytes());
            return account.Close(started, Departed);
        }
        finally
        {
            _memoryLook.Release();
        }
    }

    // The lists that this makes are in the heap too, while it is looked at.
    private async Task<(ShardMemory Sum, long Lists)> AddShardsAsync()
    {
        var queues = Catalog.VHosts.SelectMany(static v => v.Queues().Concat(v.DelayQueues())).ToLookup(q => q.Shard);
        var asked = _shards.ConvertAll(shard => (shard, new MemoryCommand([.. queues[shard]])));
        var (sum, lists) = (new ShardMemory(), 0L);
        foreach (var (shard, command) in asked)
            shard.Post(command);
        foreach (var (shard, command) in asked)
        {
            sum.Add(await command.Done);
            lists += 2 * ObjectSize.Array<Queue>(queues[shard].Count());
        }
        return (sum, lists);
    }

    private long CatalogBytes()
    {
        var bytes = 0L;
        foreach (var user in Catalog.Accounts.Users.Values)
            bytes += ObjectSize.Of<Auth.User>() + ObjectSize.Nodes(4 + (3L * user.Permissions.Count));
        foreach (var vhost in Catalog.VHosts)
        {
            bytes += ObjectSize.Of<Catalog.VHost>() + ObjectSize.Room(vhost.BindingsOfQueue)
                + ObjectSize.Nodes(10 + vhost.Parameters.Count);
            foreach (var exchange in vhost.Exchanges())
            {
                // A binding is found from its source, by its destination and in the newest state of both.
                bytes += ObjectSize.Of<Exchange>() + ObjectSize.Nodes(4)
                    + (exchange.Bindings.Count * (ObjectSize.Of<Binding>() + ObjectSize.Nodes(5)))
                    + (exchange.Deduplication?.HeldBytes ?? 0);
            }
            bytes += vhost.RecentHistoryBytes;
        }
        return bytes;
    }

    private long HistoryBytes() =>
        Closed.Use().Bytes + Traces.Use().Bytes + Actions.Audit.HeldBytes + Connections.UsageBytes
        + (Warnings.Current.Count * ObjectSize.Nodes(8)) + Publisher.Use.Bytes;
}
