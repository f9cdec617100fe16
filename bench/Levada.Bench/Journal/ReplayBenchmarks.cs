using BenchmarkDotNet.Attributes;
using Levada.Bench.InMemory;

namespace Levada.Bench.Journal;

/// <summary>A start after a crash: the journal is read, checked and applied. Per message that it brings back.</summary>
public class ReplayBenchmarks
{
    private const int Messages = 200_000;
    private const int MessagesPerTurn = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("levada-bench-").FullName;
    private LoneStore? _store;

    private string Written => Path.Combine(_folder, "written");

    private string Copied => Path.Combine(_folder, "copied");

    [GlobalSetup]
    public void Setup()
    {
        using var store = new LoneStore(Written);
        var message = LoneStore.Message(16);
        for (var turn = 0; turn < Messages / MessagesPerTurn; turn++)
        {
            store.BeginTurn();
            for (var i = 0; i < MessagesPerTurn; i++)
                store.Enqueue(message);
            store.EndTurn();
        }

        store.BeginTurn();
        store.Enqueue(message);
        store.EndTurn(somebodyWaits: true);
        store.Rest();
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [IterationSetup]
    public void Copy()
    {
        Directory.CreateDirectory(Copied);
        foreach (var file in Directory.EnumerateFiles(Written))
            File.Copy(file, Path.Combine(Copied, Path.GetFileName(file)));
    }

    [Benchmark(Description = "replay", OperationsPerInvoke = Messages)]
    public void Replay() => _store = new LoneStore(Copied, epoch: 2);

    [IterationCleanup]
    public void Check()
    {
        if (_store!.Report is not { Messages: Messages + 1, Damages.Count: 0 })
            throw new InvalidOperationException($"{_store.Report.Messages} messages came back");
        _store.Dispose();
        Directory.Delete(Copied, recursive: true);
    }
}
