using BenchmarkDotNet.Attributes;
using Levada.Bench.InMemory;

namespace Levada.Bench.Storage;

/// <summary>A backlog of 16-byte transient messages, far more than the window holds.</summary>
public class SegmentBenchmarks
{
    private const int Messages = 500_000;
    private const int MessagesPerTurn = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("levada-bench-").FullName;
    private readonly byte[] _message = LoneStore.Message(16);
    private LoneStore _store = null!;

    [GlobalSetup]
    public void Setup() =>
        _store = new LoneStore(Path.Combine(_folder, "0"), durable: false, volatileWindowBytes: 1 << 20);

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [IterationSetup(Target = nameof(Read))]
    public void Fill() => Write();

    [IterationCleanup(Target = nameof(Write))]
    public void Empty() => Read();

    [Benchmark(Description = "enqueue, move to a segment", OperationsPerInvoke = Messages)]
    public void Write()
    {
        for (var turn = 0; turn < Messages / MessagesPerTurn; turn++)
        {
            _store.BeginTurn();
            for (var i = 0; i < MessagesPerTurn; i++)
                _store.Enqueue(_message);
            _store.EndTurn();
            _store.Rest();
        }
    }

    [Benchmark(Description = "read from the segment, hand out, settle", OperationsPerInvoke = Messages)]
    public void Read()
    {
        for (var taken = 0; taken < Messages;)
        {
            _store.BeginTurn();
            taken += _store.Take(MessagesPerTurn);
            _store.EndTurn();
            _store.Rest();
        }
    }
}
