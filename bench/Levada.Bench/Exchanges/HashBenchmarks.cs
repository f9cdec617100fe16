using BenchmarkDotNet.Attributes;
using Levada.Exchanges;
using Levada.Protocol;

namespace Levada.Bench.Exchanges;

/// <summary>From a message to the one queue that a hash chooses, by number of queues.</summary>
public class HashBenchmarks
{
    private const int Messages = 16_384;

    private readonly RouteResult _result = new();
    private Exchange _ring = null!;
    private Exchange _weighted = null!;
    private Exchange _jump = null!;
    private Exchange _modulus = null!;
    private byte[][] _keys = [];

    [Params(4, 32, 256)]
    public int Queues { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var jump = new FieldTable().Add(HashAlgorithms.Argument, "jump");
        _ring = SampleBindings.Exchange(ExchangeType.ConsistentHash, Queues, static _ => "1");
        _weighted = SampleBindings.Exchange(ExchangeType.ConsistentHash, Queues, static i => $"{1 + (i % 4)}");
        _jump = SampleBindings.Exchange(
            ExchangeType.ConsistentHash, Queues, static _ => "1", exchangeArguments: jump);
        _modulus = SampleBindings.Exchange(ExchangeType.ModulusHash, Queues, static _ => "");
        _keys = SampleBindings.Keys(Messages, 1_000_000, static number => $"customer.{number}");
    }

    [Benchmark(Description = "x-consistent-hash, ring, equal weights", OperationsPerInvoke = Messages)]
    public int Ring() => Route(_ring);

    [Benchmark(Description = "x-consistent-hash, ring, four weights", OperationsPerInvoke = Messages)]
    public int Weighted() => Route(_weighted);

    [Benchmark(Description = "x-consistent-hash, jump", OperationsPerInvoke = Messages)]
    public int Jump() => Route(_jump);

    [Benchmark(Description = "x-modulus-hash", OperationsPerInvoke = Messages)]
    public int Modulus() => Route(_modulus);

    private int Route(Exchange exchange)
    {
        var found = 0;
        foreach (var key in _keys)
        {
            Router.Route(exchange, key, default, _result);
            found += _result.Queues.Length;
        }

        return found;
    }
}
