using System.Text;
using Levada.Bench.InMemory;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Bench.Exchanges;

/// <summary>An exchange outside a broker, with as many bindings as wanted to a thousand queues or fewer.</summary>
internal static class SampleBindings
{
    private const int QueuesMax = 1000;

    public static Queue[] Queues(int count)
    {
        var shard = new Shard(new ShardId(0), new QueuedScheduler(), TimeProvider.System, static fault => throw fault);
        return [.. Enumerable.Range(0, Math.Min(count, QueuesMax)).Select(i => new Queue
        {
            Id = new QueueId((ulong)i + 1),
            VHost = "/",
            Name = $"queue-{i}",
            Shard = shard,
            Durable = false,
            Exclusive = false,
            AutoDelete = false,
        })];
    }

    public static Exchange Exchange(
        ExchangeType type, int count, Func<int, string> key, Func<int, FieldTable>? arguments = null,
        FieldTable? exchangeArguments = null)
    {
        var queues = Queues(count);
        var exchange = new Exchange(new NameTable(), "/", "x", type, exchangeArguments);
        var table = exchange.Unbound;
        for (var i = 0; i < count; i++)
        {
            var to = queues[i % queues.Length];
            table = table.With(new Binding(exchange, to, Utf8(key(i)), arguments?.Invoke(i) ?? FieldTable.Empty));
        }

        exchange.Bindings = table;
        return exchange;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>
    /// Keys of bindings anywhere among <paramref name="count"/>, as many as wanted, always the same ones.
    /// </summary>
    public static byte[][] Keys(int wanted, int count, Func<int, string> key)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, wanted).Select(_ => Utf8(key(random.Next(count))))];
    }
}
