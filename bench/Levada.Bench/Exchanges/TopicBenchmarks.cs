using BenchmarkDotNet.Attributes;
using Levada.Exchanges;
using Levada.Protocol;

namespace Levada.Bench.Exchanges;

/// <summary>
/// How the cost of a topic exchange grows with its bindings, of which each message matches one. With one key again and
/// again it shows the work alone; with keys from all over the table also what memory far away costs.
/// </summary>
public class TopicBenchmarks
{
    private const int Messages = 16_384;

    private readonly RouteResult _result = new();
    private Exchange _exchange = null!;
    private byte[][] _keys = [];
    private Binding _another = null!;

    [Params(1_000, 10_000, 100_000, 1_000_000)]
    public int Bindings { get; set; }

    /// <summary>The pattern of each binding; n is a number of its own.</summary>
    [Params("eu.a.dev.n.temp", "eu.*.dev.n.*", "eu.a.#.n.#")]
    public string Patterns { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _exchange = SampleBindings.Exchange(ExchangeType.Topic, Bindings, number => Fill(Patterns, number));
        _keys = SampleBindings.Keys(Messages, Bindings, static number => Fill("eu.a.dev.n.temp", number));
        var pattern = SampleBindings.Utf8(Fill(Patterns, Bindings));
        _another = new Binding(_exchange, SampleBindings.Queues(1)[0], pattern, FieldTable.Empty);
        Router.Route(_exchange, _keys[0], default, _result);
        if (_result.Queues.Length != 1)
            throw new InvalidOperationException($"{_result.Queues.Length} queues instead of one");
    }

    [Benchmark(Description = "route one key")]
    public int RouteOne()
    {
        Router.Route(_exchange, _keys[0], default, _result);
        return _result.Queues.Length;
    }

    [Benchmark(Description = "route any keys", OperationsPerInvoke = Messages)]
    public int RouteAny()
    {
        var found = 0;
        foreach (var key in _keys)
        {
            Router.Route(_exchange, key, default, _result);
            found += _result.Queues.Length;
        }

        return found;
    }

    /// <summary>
    /// Not on a message's path: a new version of the table, which shares nearly all with the old one.
    /// </summary>
    [Benchmark(Description = "add a binding")]
    public object Bind() => _exchange.Bindings.With(_another);

    private static string Fill(string pattern, int number) =>
        pattern.Replace(".a.", $".a{number % 100}.", StringComparison.Ordinal)
            .Replace("n", $"{number}", StringComparison.Ordinal);
}
