using System.Text;
using BenchmarkDotNet.Attributes;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Bench;

/// <summary>
/// One key against many bindings, a tenth of them with wildcards: what a lookup costs as the bindings grow a
/// thousandfold. Four match. 0 B.
/// </summary>
public class TopicMatch
{
    private static readonly byte[] Key = "stock.17.nyse.a170"u8.ToArray();

    private readonly RouteResult _result = new();
    private BindingTable _table = TopicBindings.Empty;

    [Params(1_000, 10_000, 100_000, 1_000_000)]
    public int Bindings { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var exchange = new Exchange(new NameTable(), "/", "x", ExchangeType.Topic);
        var shard = new Shard(new ShardId(0), new PoolScheduler(), TimeProvider.System, e => throw e);
        for (var i = 0; i < Bindings; i++)
        {
            var pattern = (i % 10) switch
            {
                0 when i % 20 == 0 => $"stock.*.*.a{i}",
                0 => $"#.b{i}",
                _ => $"stock.{i % 100}.nyse.c{i}",
            };
            Bind(pattern, i);
        }

        foreach (var pattern in new[] { "stock.17.nyse.a170", "stock.17.#", "*.*.nyse.*", "#" })
            Bind(pattern, Bindings + pattern.Length);
        _table.Route(Key, [], _result);

        void Bind(string pattern, int id) => _table = _table.With(
            new Binding(exchange, NewQueue(id), Encoding.UTF8.GetBytes(pattern), FieldTable.Empty));

        Queue NewQueue(int id) => new()
        {
            Id = new QueueId((ulong)id), VHost = "/", Name = "q", Shard = shard,
            Durable = false, Exclusive = false, AutoDelete = false,
        };
    }

    [Benchmark]
    public int Match()
    {
        _result.Clear();
        _table.Route(Key, [], _result);
        return _result.Queues.Length;
    }
}
