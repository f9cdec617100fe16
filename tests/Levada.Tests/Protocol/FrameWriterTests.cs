using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Protocol;

public class FrameWriterTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(4088, 1)]
    [InlineData(4089, 2)]
    [InlineData(8176, 2)]
    [InlineData(8177, 3)]
    public void C6_a_body_is_split_at_frame_max_less_eight(int length, int frames)
    {
        var body = new byte[length];
        new Random(1).NextBytes(body);
        using var buffer = new ByteBuffer(16);
        FrameWriter.WriteBody(buffer, 3, body, 4096);
        Assert.Equal(FrameWriter.BodySize(length, 4096), buffer.Length);

        var rest = buffer.WrittenSpan;
        var gathered = new List<byte>();
        var count = 0;
        for (; !rest.IsEmpty; count++)
        {
            var header = FrameHeader.Read(rest);
            Assert.Equal((Frame.Body, (ushort)3), (header.Type, header.Channel));
            Assert.InRange(header.Size + Frame.Overhead, 9u, 4096u);
            gathered.AddRange(rest.Slice(Frame.HeaderSize, (int)header.Size));
            Assert.Equal(Frame.End, rest[Frame.HeaderSize + (int)header.Size]);
            rest = rest[(Frame.Overhead + (int)header.Size)..];
        }
        Assert.Equal(frames, count);
        Assert.Equal(body, gathered);
    }

    [Fact]
    public void Golden_octets_of_a_published_message()
    {
        using var buffer = new ByteBuffer(1);
        var properties = new BasicProperties { DeliveryMode = 2 }.ToBytes();
        FrameWriter.WriteContent(buffer, 1, new BasicPublish(""u8, "q"u8), properties, "hi"u8, 131072);
        Assert.Equal(
            "01 0001 0000000A 003C 0028 0000 00 01 71 00 CE"
                .Replace(" ", "") +
            "02 0001 0000000F 003C 0000 0000000000000002 1000 02 CE"
                .Replace(" ", "") +
            "03 0001 00000002 6869 CE"
                .Replace(" ", ""),
            Convert.ToHexString(buffer.WrittenSpan));
    }

    [Fact]
    public void A_content_header_is_read_back()
    {
        var properties = new BasicProperties { Priority = 3 }.ToBytes();
        var bytes = new byte[FrameWriter.HeaderSize(properties.Length)];
        Assert.Equal(bytes.Length, FrameWriter.WriteHeader(bytes, 1, 1ul << 40, properties));
        Assert.True(ContentHeader.TryRead(bytes.AsSpan(Frame.HeaderSize..^1), out var header));
        Assert.Equal(60, header.ClassId);
        Assert.Equal(1ul << 40, header.BodySize);
        Assert.Equal(properties, header.Properties);
        Assert.False(ContentHeader.TryRead(bytes.AsSpan(Frame.HeaderSize, 13), out _));
    }

    [Fact]
    public void A_heartbeat_is_eight_octets()
    {
        using var buffer = new ByteBuffer(1);
        FrameWriter.WriteHeartbeat(buffer);
        Assert.Equal("0800000000000" + "0CE", Convert.ToHexString(buffer.WrittenSpan));
    }

    [Fact]
    public void The_protocol_header_is_amqp_0_9_1() =>
        Assert.Equal("414D515000000901", Convert.ToHexString(Frame.ProtocolHeader));

    [Fact]
    public void A_buffer_keeps_what_it_holds_when_it_grows()
    {
        using var buffer = new ByteBuffer(1);
        var expected = new List<byte>();
        for (var i = 0; i < 3000; i++)
        {
            byte[] piece = [(byte)i, (byte)(i >> 8), 7];
            buffer.Write(piece);
            expected.AddRange(piece);
        }
        Assert.Equal(expected, buffer.WrittenSpan.ToArray());
        buffer.Truncate(3);
        Assert.Equal(3, buffer.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(4));
        buffer.Dispose();
        buffer.Write([1]);
        Assert.Equal([1], buffer.WrittenSpan.ToArray());
    }
}
