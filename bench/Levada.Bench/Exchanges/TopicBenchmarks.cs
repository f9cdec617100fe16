using System.Text;
using BenchmarkDotNet.Attributes;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Bench.Exchanges;

/// <summary>
/// What a topic exchange costs as its bindings grow: finding the queues of one message, and binding one more. The
/// patterns are what such exchanges see: mostly whole keys, some with <c>*</c> and <c>#</c>.
/// </summary>
[MemoryDiagnoser]
public class TopicBenchmarks
{
    private readonly RouteResult _result = new();
    private Exchange _exchange = null!;
    private Binding _another = null!;
    private byte[] _key = [];

    [Params(1_000, 100_000, 1_000_000)]
    public int Bindings { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _exchange = new Exchange(new NameTable(), "/", "topics", ExchangeType.Topic);
        var shard = new Shard(new ShardId(0), new PoolScheduler(), TimeProvider.System, static _ => { });
        var bindings = _exchange.Bindings;
        for (var i = 0; i < Bindings; i++)
        {
            var pattern = (i % 100) switch
            {
                0 => $"region.{i % 977}.*.{i}",
                1 => $"region.{i % 977}.{i}.#",
                _ => $"region.{i % 977}.sensor.{i}",
            };
            bindings = bindings.With(Bound(pattern, shard, i));
        }

        bindings = bindings.With(Bound("region.*.sensor.*", shard, Bindings));
        _exchange.Bindings = bindings.With(Bound("#.sensor.#", shard, Bindings + 1));
        _another = Bound("region.5.another", shard, Bindings + 2);
        var last = Bindings / 2 + 50;
        _key = Encoding.UTF8.GetBytes($"region.{last % 977}.sensor.{last}");
    }

    [Benchmark]
    public int Route()
    {
        Router.Route(_exchange, _key, default, _result);
        return _result.Queues.Length;
    }

    [Benchmark]
    public object Bind() => _exchange.Bindings.With(_another);

    private Binding Bound(string pattern, Shard shard, int id) => new(
        _exchange,
        new Queue
        {
            Id = new QueueId((ulong)id), VHost = "/", Name = "q", Shard = shard,
            Durable = false, Exclusive = false, AutoDelete = false,
        },
        Encoding.UTF8.GetBytes(pattern),
        FieldTable.Empty);
}
