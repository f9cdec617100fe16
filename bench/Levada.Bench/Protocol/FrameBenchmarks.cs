using BenchmarkDotNet.Attributes;
using Levada.Protocol;

namespace Levada.Bench.Protocol;

/// <summary>From a read buffer full of publishes to their parts, and the other way.</summary>
public class FrameBenchmarks
{
    private const int Messages = 1000;
    private const int FrameMax = 131_072;

    private readonly byte[] _body = new byte[16];
    private readonly byte[] _properties = new BasicProperties { DeliveryMode = 2 }.ToBytes();
    private readonly byte[] _written = new byte[256];
    private byte[] _read = [];

    [GlobalSetup]
    public void Setup()
    {
        using var frames = new ByteBuffer();
        for (var i = 0; i < Messages; i++)
            FrameWriter.WriteContent(frames, 1, new BasicPublish("amq.topic"u8, "some.key"u8), _properties, _body,
                FrameMax);
        _read = frames.WrittenSpan.ToArray();
    }

    [Benchmark(Description = "read a publish: method, header, body frame", OperationsPerInvoke = Messages)]
    public long Read()
    {
        var seen = 0L;
        for (ReadOnlySpan<byte> rest = _read; !rest.IsEmpty;)
        {
            var header = FrameHeader.Read(rest);
            var payload = rest.Slice(Frame.HeaderSize, (int)header.Size);
            seen += header.Type switch
            {
                Frame.Method when BasicPublish.TryRead(payload[4..], out var publish) => publish.RoutingKey.Length,
                Frame.Header when ContentHeader.TryRead(payload, out var content)
                    && BasicPropertiesReader.TryRead(content.Properties, out var properties) => properties.DeliveryMode,
                _ => payload.Length,
            };
            rest = rest[((int)header.Size + Frame.Overhead)..];
        }

        return seen;
    }

    [Benchmark(Description = "write a deliver: method, header, body frame")]
    public int Write() => FrameWriter.WriteContent(
        _written, 1, new BasicDeliver("consumer"u8, 1, false, "amq.topic"u8, "some.key"u8), _properties, _body,
        FrameMax);
}
