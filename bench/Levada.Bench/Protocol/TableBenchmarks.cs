using BenchmarkDotNet.Attributes;
using Levada.Protocol;

namespace Levada.Bench.Protocol;

/// <summary>A headers table of six entries. The walk is the publish path's (0 B), decoding is for declares.</summary>
public class TableBenchmarks
{
    private readonly byte[] _buffer = new byte[1024];
    private FieldTable _table = FieldTable.Empty;
    private byte[] _encoded = [];

    [GlobalSetup]
    public void Setup()
    {
        _table = new FieldTable()
            .Add("x-match", "all").Add("format", "pdf").Add("pages", 12).Add("size", 123_456_789_012L)
            .Add("draft", true).Add("origin", new FieldTable().Add("host", "a").Add("port", 5672));
        _encoded = _table.ToBytes();
    }

    [Benchmark]
    public int Walk()
    {
        var sum = 0;
        for (var reader = new FieldTableReader(_encoded); reader.Next();)
            sum += reader.Value.Length;
        return sum;
    }

    [Benchmark]
    public int Encode() => _table.Encode(_buffer);

    [Benchmark]
    public FieldTable Decode() => FieldTable.Decode(_encoded);
}
