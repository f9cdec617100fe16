using System.Text;
using BenchmarkDotNet.Attributes;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Bench.Exchanges;

/// <summary>Finding the queues of one message, by type of exchange, with a hundred bindings.</summary>
[MemoryDiagnoser]
public class RouteBenchmarks
{
    private readonly RouteResult _result = new();
    private readonly byte[] _headers = new FieldTable().Add("tenant", "t7").Add("priority", 3).ToBytes();
    private Exchange _exchange = null!;

    [Params(ExchangeType.Direct, ExchangeType.Fanout, ExchangeType.Topic, ExchangeType.Headers)]
    public ExchangeType Type { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _exchange = new Exchange(new NameTable(), "/", "x", Type);
        var shard = new Shard(new ShardId(0), new PoolScheduler(), TimeProvider.System, static _ => { });
        for (var i = 0; i < 100; i++)
        {
            var queue = new Queue
            {
                Id = new QueueId((ulong)i), VHost = "/", Name = $"q{i}", Shard = shard,
                Durable = false, Exclusive = false, AutoDelete = false,
            };
            var arguments = new FieldTable().Add("x-match", "all").Add("tenant", $"t{i}");
            var binding = new Binding(_exchange, queue, Encoding.UTF8.GetBytes($"tenant.t{i}.orders"), arguments);
            _exchange.Bindings = _exchange.Bindings.With(binding);
        }
    }

    [Benchmark]
    public int Route()
    {
        Router.Route(_exchange, "tenant.t7.orders"u8, _headers, _result);
        return _result.Queues.Length;
    }
}
