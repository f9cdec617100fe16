using BenchmarkDotNet.Attributes;
using Levada.Protocol;

namespace Levada.Bench.Protocol;

/// <summary>Field tables: what a client says of itself, and the headers of a message.</summary>
public class TableBenchmarks
{
    private static readonly FieldTable ClientProperties = new FieldTable()
        .Add("product", "some client").Add("version", "1.2.3").Add("platform", "Linux").Add("connection_name", "orders")
        .Add("capabilities", new FieldTable()
            .Add("publisher_confirms", true).Add("basic.nack", true).Add("consumer_cancel_notify", true)
            .Add("connection.blocked", true).Add("authentication_failure_close", true));

    private readonly byte[] _encoded = ClientProperties.ToBytes();
    private readonly byte[] _into = new byte[1024];

    private readonly byte[] _headers = new FieldTable()
        .Add("customer", "somebody").Add("attempt", 1).Add("trace", "4bf92f3577b34da6").Add("sampled", true).ToBytes();

    [Benchmark(Description = "walk a message's four headers")]
    public int Walk()
    {
        var length = 0;
        for (var reader = new FieldTableReader(_headers); reader.Next();)
            length += reader.Value.Length;
        return length;
    }

    [Benchmark(Description = "encode a client's properties, ten entries in two tables")]
    public int Encode() => ClientProperties.Encode(_into);

    [Benchmark(Description = "decode them (once a connection)")]
    public FieldTable Decode() => FieldTable.Decode(_encoded);
}
