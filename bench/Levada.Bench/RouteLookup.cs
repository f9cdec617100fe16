using BenchmarkDotNet.Attributes;
using Levada.Amqp;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Bench;

/// <summary>Where a publish goes: remembered from the last one, and looked up among 1,000 bindings. 0 B.</summary>
public class RouteLookup
{
    private static readonly byte[] ExchangeAndKey = "\u0006orders\u0005k-500"u8.ToArray();

    private readonly RouteCache _cache = new();
    private readonly RouteResult _result = new();
    private Exchange _exchange = null!;

    [GlobalSetup]
    public void Setup()
    {
        _exchange = new Exchange(new NameTable(), "/", "orders", ExchangeType.Direct);
        var shard = new Shard(new ShardId(0), new PoolScheduler(), TimeProvider.System, e => throw e);
        for (var i = 0; i < 1000; i++)
        {
            var queue = new Queue
            {
                Id = new QueueId((ulong)i), VHost = "/", Name = "q", Shard = shard,
                Durable = false, Exclusive = false, AutoDelete = false,
            };
            var key = System.Text.Encoding.UTF8.GetBytes($"k-{i}");
            _exchange.Bindings = _exchange.Bindings.With(new Binding(_exchange, queue, key, FieldTable.Empty));
        }

        _cache.Begin(_exchange, 0);
        Router.Route(_exchange, "k-500"u8, [], _cache.Result);
        _cache.Keep(ExchangeAndKey);
    }

    [Benchmark]
    public bool Remembered() => _cache.Matches(ExchangeAndKey, 0);

    [Benchmark]
    public int LookedUp()
    {
        Router.Route(_exchange, "k-500"u8, [], _result);
        return _result.Queues.Length;
    }
}
