using BenchmarkDotNet.Attributes;
using Levada.Bench.InMemory;
using Levada.Journal;

namespace Levada.Bench.Journal;

/// <summary>
/// Persistent messages: laid into the journal, written and synced in groups of a hundred, handed out and settled. The
/// files are real; waiting for the disk takes no processor time and so is not in the figures.
/// </summary>
public class JournalBenchmarks
{
    private const int Messages = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("levada-bench-").FullName;
    private byte[] _message = [];
    private byte[] _record = [];
    private LoneStore _store = null!;

    [Params(16, 1024)]
    public int BodySize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _message = LoneStore.Message(BodySize);
        _record = new byte[RecordFormat.HeaderBytes + RecordFormat.CountBytes + RecordFormat.QueueSequenceBytes
            + _message.Length];
        _store = new LoneStore(Path.Combine(_folder, "0"));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "seal a record: header and checksum")]
    public void Seal() => RecordFormat.Seal(_record, RecordKind.Enqueue, 1, 1);

    [Benchmark(Description = "append, write and sync 100 together, hand out, settle", OperationsPerInvoke = Messages)]
    public void Append()
    {
        _store.BeginTurn();
        for (var i = 0; i < Messages; i++)
            _store.Enqueue(_message);
        _store.Take(Messages);
        _store.EndTurn(somebodyWaits: true);
        _store.Rest();
    }
}
