using BenchmarkDotNet.Attributes;
using Levada.Amqp;
using Levada.Bench.Exchanges;
using Levada.Bench.InMemory;
using Levada.Metrics;
using Levada.Queues;

namespace Levada.Bench.Amqp;

/// <summary>What a channel keeps for acknowledgements and confirms, alone.</summary>
public class SettleBenchmarks
{
    private const int Messages = 100;

    private readonly Queue _queue = SampleBindings.Queues(1)[0];
    private readonly Unsettled _unsettled = new();
    private readonly List<UnsettledEntry> _taken = [];
    private readonly Outbox _outbox =
        new(Stream.Null, 1 << 20, 1 << 20, new MessageCounters(), new QueuedScheduler(), static _ => { });
    private Confirms _confirms = null!;
    private ulong _tag;
    private ulong _published;

    [GlobalSetup]
    public void Setup() => _confirms =
        new Confirms(_outbox, channel: 1, new MessageCounters(), new PathTimings().Confirm);

    [Benchmark(Description = "give a tag, take it back by an ack of its own", OperationsPerInvoke = Messages)]
    public int Single()
    {
        for (var i = 0; i < Messages; i++)
            _tag = _unsettled.Add(_queue, null, (ulong)i);
        for (var tag = _tag - Messages + 1; tag <= _tag; tag++)
            _unsettled.Take(tag);
        return _unsettled.Count;
    }

    [Benchmark(Description = "give a tag, take it back by one ack for 100", OperationsPerInvoke = Messages)]
    public int Multiple()
    {
        for (var i = 0; i < Messages; i++)
            _tag = _unsettled.Add(_queue, null, (ulong)i);
        _unsettled.TakeUpTo(_tag, _taken);
        _taken.Clear();
        return _unsettled.Count;
    }

    [Benchmark(Description = "open a post of publishes, confirm it, flush the outbox")]
    public void Confirm()
    {
        _confirms.Answer(_confirms.Open(++_published, shards: 1, isPersistent: false, isRefused: false),
            refused: false);
        _confirms.Flush();
    }
}
