using BenchmarkDotNet.Attributes;
using Levada.Bench.InMemory;

namespace Levada.Bench.Amqp;

/// <summary>
/// The whole path of a message through a broker without sockets: read buffer, channel, router, shard, queue, outbox,
/// and back with the acknowledgement. Figures are per message; 16-byte bodies, transient, 100 in a read unless said.
/// </summary>
public class PathBenchmarks
{
    private const int Messages = 100;

    private static readonly TrafficOptions Settled = new() { Messages = Messages, Confirms = true, Acks = true };

    private Traffic _traffic = null!;

    public static IEnumerable<object> Scenarios =>
    [
        new PathScenario("1. publish, deliver without ack", new TrafficOptions { Messages = Messages }),
        new PathScenario("2. publish, deliver, ack each", Settled with { Confirms = false }),
        new PathScenario("3. publish, confirm, deliver, ack each", Settled),
        new PathScenario("4. as 3, a read each, an ack each", Settled with { MessagesPerRead = 1 }),
        new PathScenario("5. as 3, topic exchange, each key unlike the last", Settled with
        {
            Exchange = "amq.topic",
            RoutingKeys = 2,
        }),
        new PathScenario("6. as 3, headers exchange", Settled with { Exchange = "amq.headers", Headers = true }),
        new PathScenario("7. as 3, 1 KiB bodies", Settled with { BodySize = 1024 }),
        new PathScenario("8. publish, confirm, no queue takes it", Settled with
        {
            Exchange = "amq.topic",
            RoutingKeys = 0,
            Consumer = false,
            Acks = false,
        }),
        new PathScenario("9. as 3, persistent, durable queue, 1 KiB bodies", Settled with
        {
            Persistent = true,
            BodySize = 1024,
        }),
    ];

    [ParamsSource(nameof(Scenarios))]
    public object Scenario { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _traffic = new Traffic(((PathScenario)Scenario).Options);
        _traffic.Round();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _traffic.Check();
        _traffic.Dispose();
    }

    [Benchmark(Description = "message", OperationsPerInvoke = Messages)]
    public void Message() => _traffic.Round();
}
