using BenchmarkDotNet.Attributes;
using Levada.Amqp;
using Levada.Exchanges;
using Levada.Protocol;

namespace Levada.Bench.Exchanges;

/// <summary>From a message to its queues, other exchanges than topic ones.</summary>
public class RouteBenchmarks
{
    private const int Messages = 16_384;
    private const int Keys = 100_000;

    private readonly RouteResult _result = new();
    private readonly RouteCache _cache = new(new BrokerOptions());
    private readonly byte[] _names = [1, (byte)'x', 3, (byte)'k', (byte)'e', (byte)'y'];

    private readonly byte[] _properties = new BasicProperties
    {
        Headers = new FieldTable().Add("customer", "somebody").Add("attempt", 1).Add("sampled", true),
    }.ToBytes();

    private Exchange _direct = null!;
    private Exchange _default = null!;
    private Exchange _fanout = null!;
    private Exchange _oneByHeaders = null!;
    private Exchange _manyByHeaders = null!;
    private byte[][] _keys = [];
    private byte[][] _queueNames = [];

    [GlobalSetup]
    public void Setup()
    {
        _direct = SampleBindings.Exchange(ExchangeType.Direct, Keys, Key);
        _keys = SampleBindings.Keys(Messages, Keys, Key);
        _fanout = SampleBindings.Exchange(ExchangeType.Fanout, 10, Key);
        _oneByHeaders = SampleBindings.Exchange(ExchangeType.Headers, 1, Key, Wanted);
        _manyByHeaders = SampleBindings.Exchange(ExchangeType.Headers, 100, Key, Wanted);
        var names = new NameTable();
        foreach (var queue in SampleBindings.Queues(1000))
            names.Queues = names.Queues.Set(queue.NameUtf8, queue);
        _default = new Exchange(names, "/", "", ExchangeType.Direct);
        _queueNames = SampleBindings.Keys(Messages, 1000, static number => $"queue-{number}");
        _cache.Begin(_fanout, revision: 1);
        Router.Route(_fanout, "key"u8, default, _cache.Result);
        _cache.Keep(_names);
    }

    [Benchmark(Description = "the exchange and key of the message before: the channel's cache")]
    public int Cached() => _cache.Matches(_names, revision: 1) ? _cache.Result.Queues.Length : 0;

    [Benchmark(Description = "default exchange, 1,000 queues", OperationsPerInvoke = Messages)]
    public int Default() => Route(_default, _queueNames);

    [Benchmark(Description = "direct exchange, 100,000 keys", OperationsPerInvoke = Messages)]
    public int Direct() => Route(_direct, _keys);

    [Benchmark(Description = "fanout exchange, 10 queues")]
    public int Fanout() => Route(_fanout, "key"u8, []);

    [Benchmark(Description = "headers exchange, 1 binding, two headers compared")]
    public int OneByHeaders() => Route(_oneByHeaders, "key"u8, _properties);

    [Benchmark(Description = "headers exchange, 100 bindings, two headers compared in each")]
    public int ManyByHeaders() => Route(_manyByHeaders, "key"u8, _properties);

    private static string Key(int number) => $"some.key.{number}";

    private static FieldTable Wanted(int number) =>
        new FieldTable().Add("x-match", "all").Add("customer", "somebody").Add("attempt", number + 1);

    private int Route(Exchange exchange, byte[][] keys)
    {
        var found = 0;
        foreach (var key in keys)
            found += Route(exchange, key, []);
        return found;
    }

    private int Route(Exchange exchange, ReadOnlySpan<byte> key, ReadOnlySpan<byte> octets)
    {
        BasicPropertiesReader.TryRead(octets, out var properties);
        Router.Route(exchange, key, properties, _result);
        return _result.Queues.Length;
    }
}
