using BenchmarkDotNet.Attributes;
using Levada.Protocol;

namespace Levada.Bench.Protocol;

/// <summary>From received bytes to the parts of a publish: method, content header, body. Per message, 0 B.</summary>
public class FrameBenchmarks
{
    private const int Messages = 1000;

    private byte[] _received = [];

    [Params(16, 1024)]
    public int BodyBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var properties = new BasicProperties { DeliveryMode = 1 }.ToBytes();
        using var buffer = new ByteBuffer();
        for (var i = 0; i < Messages; i++)
        {
            FrameWriter.WriteContent(
                buffer, 1, new BasicPublish("amq.topic"u8, "stock.usd.nyse"u8), properties, new byte[BodyBytes],
                131_072);
        }

        _received = buffer.WrittenSpan.ToArray();
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public long Publishes()
    {
        var rest = _received.AsSpan();
        var sum = 0L;
        while (!rest.IsEmpty)
        {
            var header = FrameHeader.Read(rest);
            var payload = rest.Slice(Frame.HeaderSize, (int)header.Size);
            rest = rest[(Frame.Overhead + payload.Length)..];
            sum += header.Type switch
            {
                Frame.Method => Method(payload),
                Frame.Header => Content(payload),
                _ => payload.Length,
            };
        }

        return sum;
    }

    private static int Method(ReadOnlySpan<byte> payload)
    {
        var reader = new AmqpReader(payload);
        if (reader.U32() != MethodId.BasicPublish || !BasicPublish.TryRead(payload[4..], out var publish))
            throw new InvalidOperationException("not a publish");
        return publish.RoutingKey.Length;
    }

    private static int Content(ReadOnlySpan<byte> payload)
    {
        if (!ContentHeader.TryRead(payload, out var header)
            || !BasicPropertiesReader.TryRead(header.Properties, out var properties))
            throw new InvalidOperationException("not a content header");
        return properties.DeliveryMode;
    }
}
