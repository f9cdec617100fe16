using System.Net.Sockets;
using System.Text;
using Levada.Protocol;

namespace Levada.Tests;

public sealed partial class RawConnection
{
    /// <summary>The next frame that is no heartbeat.</summary>
    /// <exception cref="AmqpExpectationException">None in time, or the connection ended.</exception>
    public RawFrame Receive() => TryReceive() ?? throw new AmqpExpectationException("the connection ended");

    /// <summary>The next frame that is no heartbeat; null when the connection ended, by a reset too.</summary>
    public RawFrame? TryReceive()
    {
        while (true)
        {
            var frame = TryReceiveAny();
            if (frame?.Type != Frame.Heartbeat) return frame;
            Heartbeats++;
        }
    }

    /// <summary>The next frame, a heartbeat too; null when the connection ended.</summary>
    public RawFrame? TryReceiveAny()
    {
        if (_pushedBack is { } frame)
        {
            _pushedBack = null;
            return frame;
        }
        if (!Fill(Frame.HeaderSize)) return null;
        var header = FrameHeader.Read(_in.AsSpan(_inStart));
        _inStart += Frame.HeaderSize;
        var payload = new byte[header.Size];
        if (!Read(payload) || !Fill(1)) return null;
        if (_in[_inStart++] != Frame.End) throw new AmqpExpectationException("the broker sent a wrong frame-end octet");
        return new RawFrame(header.Type, header.Channel, payload);
    }

    /// <summary>The next frame stays the next one.</summary>
    public RawFrame Peek() => _pushedBack = Receive();

    /// <summary>Octets as they come, before or instead of frames; fewer when the connection ended.</summary>
    public byte[] ReceiveOctets(int count)
    {
        Fill(count);
        var octets = _in.AsSpan(_inStart, Math.Min(count, _inEnd - _inStart)).ToArray();
        _inStart += octets.Length;
        return octets;
    }

    /// <summary>The next frame is this method on this channel.</summary>
    public T Expect<T>(ushort channel) where T : IMethod<T>, allows ref struct
    {
        var frame = TryReceive() ?? throw new AmqpExpectationException(
            $"expected {MethodId.Name(T.Id)} on channel {channel}, but the connection ended");
        if (frame.Channel != channel || !frame.Is<T>())
            throw new AmqpExpectationException($"expected {MethodId.Name(T.Id)} on channel {channel}, got {frame}");
        return frame.Method<T>();
    }

    /// <summary>
    /// The next frame is channel.close with this code, a text that starts so, and this method (0: none).
    /// </summary>
    public ChannelClose ExpectChannelClose(ushort channel, ushort code, string text, uint method)
    {
        var close = Expect<ChannelClose>(channel);
        CheckClose(close.ReplyCode, close.ReplyText, close.ClassId, close.MethodId, code, text, method);
        return close;
    }

    /// <summary>
    /// The next frame is connection.close with this code, a text that starts so, and this method (0: none).
    /// </summary>
    public ConnectionClose ExpectConnectionClose(ushort code, string text, uint method)
    {
        var close = Expect<ConnectionClose>(0);
        CheckClose(close.ReplyCode, close.ReplyText, close.ClassId, close.MethodId, code, text, method);
        return close;
    }

    /// <summary>As <see cref="ExpectConnectionClose"/>, then close-ok and the end of the stream.</summary>
    public ConnectionClose ExpectConnectionError(ushort code, string text, uint method)
    {
        var close = ExpectConnectionClose(code, text, method);
        Send(0, new ConnectionCloseOk());
        ExpectEnd();
        return close;
    }

    /// <summary>The connection ends (orderly or by reset) with no further frame.</summary>
    public void ExpectEnd()
    {
        if (TryReceive() is { } frame) throw new AmqpExpectationException($"expected the end, got {frame}");
    }

    public RawMessage ExpectDeliver(ushort channel)
    {
        var m = Expect<BasicDeliver>(channel);
        return Content(new RawMessage
        {
            Channel = channel, ConsumerTag = Text(m.ConsumerTag), DeliveryTag = m.DeliveryTag,
            Redelivered = m.Redelivered, Exchange = Text(m.Exchange), RoutingKey = Text(m.RoutingKey),
        });
    }

    public RawMessage ExpectGetOk(ushort channel)
    {
        var m = Expect<BasicGetOk>(channel);
        return Content(new RawMessage
        {
            Channel = channel, DeliveryTag = m.DeliveryTag, Redelivered = m.Redelivered,
            Exchange = Text(m.Exchange), RoutingKey = Text(m.RoutingKey), MessageCount = m.MessageCount,
        });
    }

    public RawMessage ExpectReturn(ushort channel)
    {
        var m = Expect<BasicReturn>(channel);
        return Content(new RawMessage
        {
            Channel = channel, ReplyCode = m.ReplyCode, ReplyText = m.ReplyText,
            Exchange = Text(m.Exchange), RoutingKey = Text(m.RoutingKey),
        });
    }

    private RawMessage Content(RawMessage message)
    {
        var frame = Receive();
        if (frame.Type != Frame.Header || frame.Channel != message.Channel
            || !ContentHeader.TryRead(frame.Payload, out var header)
            || !BasicProperties.TryDecode(header.Properties, out var properties))
            throw new AmqpExpectationException($"expected a content header on channel {message.Channel}, got {frame}");
        var body = new byte[header.BodySize];
        int read = 0, frames = 0, largest = frame.Payload.Length + Frame.Overhead;
        for (; read < body.Length; frames++)
        {
            var part = Receive();
            if (part.Type != Frame.Body || part.Channel != message.Channel)
                throw new AmqpExpectationException($"expected a body frame on channel {message.Channel}, got {part}");
            part.Payload.CopyTo(body, read);
            read += part.Payload.Length;
            largest = Math.Max(largest, part.Payload.Length + Frame.Overhead);
        }
        return message with { Properties = properties, Body = body, BodyFrames = frames, LargestFrame = largest };
    }

    private static void CheckClose(
        ushort code, string text, ushort classId, ushort methodId,
        ushort expectedCode, string expectedText, uint expectedMethod)
    {
        var method = ((uint)classId << 16) | methodId;
        if (code == expectedCode && text.StartsWith(expectedText, StringComparison.Ordinal) && method == expectedMethod)
            return;
        throw new AmqpExpectationException(
            $"expected {expectedCode} \"{expectedText}\" {MethodId.Name(expectedMethod)}, "
            + $"got {code} \"{text}\" {MethodId.Name(method)}");
    }

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.UTF8.GetString(octets);

    // Makes sure that this many octets (not more than the buffer holds) are there; false when the connection ended.
    private bool Fill(int count)
    {
        if (_inStart + count > _in.Length)
        {
            _in.AsSpan(_inStart.._inEnd).CopyTo(_in);
            _inEnd -= _inStart;
            _inStart = 0;
        }
        while (_inEnd - _inStart < count)
        {
            var n = ReadSocket(_in.AsSpan(_inEnd));
            if (n == 0) return false;
            _inEnd += n;
        }
        return true;
    }

    private bool Read(Span<byte> destination)
    {
        var buffered = Math.Min(destination.Length, _inEnd - _inStart);
        _in.AsSpan(_inStart, buffered).CopyTo(destination);
        _inStart += buffered;
        destination = destination[buffered..];
        while (!destination.IsEmpty)
        {
            var n = ReadSocket(destination);
            if (n == 0) return false;
            destination = destination[n..];
        }
        return true;
    }

    private int ReadSocket(Span<byte> destination)
    {
        try
        {
            return Socket.Receive(destination);
        }
        catch (SocketException e)
            when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return 0;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new AmqpExpectationException($"nothing came for {Socket.ReceiveTimeout} ms", e);
        }
    }
}
