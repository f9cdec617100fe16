using System.Net;
using Levada.Amqp;
using Levada.Platform;
using Levada.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Levada.Bench.InMemory;

/// <summary>
/// A whole broker that listens nowhere and runs on its caller's thread alone; its clients come over
/// <see cref="ClientStream"/>s. The data folder is a temporary one and goes with it.
/// </summary>
internal sealed class InMemoryBroker : IDisposable
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 5672);

    private readonly string _folder = Directory.CreateTempSubdirectory("levada-bench-").FullName;

    public InMemoryBroker(int shards = 1)
    {
        Broker = new Broker(
            new BrokerOptions { DataDir = _folder, Shards = shards },
            NullLoggerFactory.Instance, new FileSystemDisk(), Scheduler, new QuietTime());
        Broker.Open();
        Scheduler.Drain();
    }

    public Broker Broker { get; }

    public QueuedScheduler Scheduler { get; } = new();

    /// <summary>A client that has its connection and channel 1 open.</summary>
    public InMemoryClient Connect()
    {
        var stream = new ClientStream();
        var connection = new Connection(Broker, new Transport(stream, Loopback, Loopback, stream.End));
        Broker.Connections.Add(connection);
        // A caller's context (a test runner has one) would take the reading loop to other threads.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _ = connection.RunAsync();
        SynchronizationContext.SetSynchronizationContext(context);
        var client = new InMemoryClient(this, stream);
        client.Open();
        return client;
    }

    public void Dispose()
    {
        foreach (var shard in Broker.Shards)
            shard.Dispose();
        var closed = Broker.Catalog.DisposeAsync();
        Scheduler.Drain();
        closed.AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }
}
