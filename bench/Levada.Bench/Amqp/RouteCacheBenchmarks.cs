using BenchmarkDotNet.Attributes;
using Levada.Amqp;
using Levada.Exchanges;

namespace Levada.Bench.Amqp;

/// <summary>A publish to the exchange and key of the one before: what a channel remembers. 0 B.</summary>
public class RouteCacheBenchmarks
{
    private static readonly byte[] ExchangeAndKey = "\u0006orders\u0005k-500"u8.ToArray();

    private readonly RouteCache _cache = new();

    [GlobalSetup]
    public void Remember()
    {
        _cache.Begin(new Exchange(new NameTable(), "/", "orders", ExchangeType.Direct), 0);
        _cache.Keep(ExchangeAndKey);
    }

    [Benchmark]
    public bool Matches() => _cache.Matches(ExchangeAndKey, 0);
}
