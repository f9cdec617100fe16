using BenchmarkDotNet.Attributes;
using Levada.Bench.InMemory;

namespace Levada.Bench.Storage;

/// <summary>Transient messages that are consumed while they are in memory: enqueued, handed out, settled.</summary>
public class WindowBenchmarks
{
    private const int Messages = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("levada-bench-").FullName;
    private byte[] _message = [];
    private LoneStore _store = null!;

    [Params(16, 1024)]
    public int BodySize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _message = LoneStore.Message(BodySize);
        _store = new LoneStore(Path.Combine(_folder, "0"), durable: false);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "enqueue, hand out, settle; 100 a turn", OperationsPerInvoke = Messages)]
    public void EnqueueAndTake()
    {
        _store.BeginTurn();
        for (var i = 0; i < Messages; i++)
            _store.Enqueue(_message);
        _store.Take(Messages);
        _store.EndTurn();
        _store.Rest();
    }
}
