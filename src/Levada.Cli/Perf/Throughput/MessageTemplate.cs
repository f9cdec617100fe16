using System.Buffers.Binary;
using System.Text;
using Levada.Protocol;

namespace Levada.Cli.Perf.Throughput;

/// <summary>The frames of one message, made once: publishing is copying them, and filling in what differs.</summary>
internal sealed class MessageTemplate
{
    /// <summary>Octets of the time of sending, at the start of a body whose latency is measured.</summary>
    public const int TimestampSize = sizeof(long);

    private readonly byte[] _frames;
    private readonly int _frameMax;
    private readonly int _bodyAt;
    private readonly int _size;
    private readonly bool _timed;
    private readonly Random? _random;

    public MessageTemplate(ThroughputOptions options, string routingKey, ushort channel, int frameMax)
    {
        _frameMax = frameMax;
        _size = options.Size;
        _timed = options.MeasureLatency;
        _random = options.RandomBodies ? new Random() : null;
        var list = options.Properties.ToBytes();
        var method = new BasicPublish(Encoding.UTF8.GetBytes(options.Exchange), Encoding.UTF8.GetBytes(routingKey));
        _frames = new byte[FrameWriter.ContentSize(method, list.Length, _size, frameMax)];
        FrameWriter.WriteContent(_frames, channel, method, list, PatternBody(_size), frameMax);
        _bodyAt = FrameWriter.MethodSize(method) + FrameWriter.HeaderSize(list.Length);
    }

    /// <summary>Octets of all frames of the message.</summary>
    public int Length => _frames.Length;

    /// <summary>The body that --verify expects (lavinmqperf sends the same one).</summary>
    public static byte[] PatternBody(int size)
    {
        var body = new byte[size];
        for (var i = 0; i < size; i++) body[i] = (byte)(64 + i % 27);
        return body;
    }

    /// <param name="intendedNanoseconds">When the message should leave, by the monotonic clock.</param>
    public void AppendTo(ByteBuffer buffer, long intendedNanoseconds)
    {
        var message = buffer.GetSpan(_frames.Length)[.._frames.Length];
        _frames.CopyTo(message);
        if (_random is not null) Randomize(message);
        if (_timed)
        {
            BinaryPrimitives.WriteInt64LittleEndian(message[(_bodyAt + Frame.HeaderSize)..], intendedNanoseconds);
        }
        buffer.Advance(_frames.Length);
    }

    private void Randomize(Span<byte> message)
    {
        var at = _bodyAt;
        for (var left = _size; left > 0;)
        {
            var part = Math.Min(left, _frameMax - Frame.Overhead);
            _random!.NextBytes(message.Slice(at + Frame.HeaderSize, part));
            left -= part;
            at += part + Frame.Overhead;
        }
    }
}
