using System.Text;
using Levada.Protocol;

namespace Levada.Tests;

public sealed partial class RawConnection
{
    /// <summary>Everything that <paramref name="send"/> sends leaves in one write.</summary>
    public void InOneWrite(Action send)
    {
        _holding = true;
        send();
        _holding = false;
        Flush();
    }

    /// <summary>Octets as they are, well-formed or not.</summary>
    public void Send(ReadOnlySpan<byte> octets)
    {
        _out.Write(octets);
        Flush();
    }

    public void Send<T>(ushort channel, in T method) where T : IMethod<T>, allows ref struct
    {
        FrameWriter.WriteMethod(_out, channel, method);
        Flush();
    }

    /// <summary>
    /// A frame of any type with any payload; <paramref name="end"/> is the octet that should be 0xCE.
    /// </summary>
    public void SendFrame(byte type, ushort channel, ReadOnlySpan<byte> payload, byte end = Frame.End)
    {
        FrameHeader.Write(_out.GetSpan(Frame.HeaderSize), type, channel, payload.Length);
        _out.Advance(Frame.HeaderSize);
        _out.Write(payload);
        _out.Write([end]);
        Flush();
    }

    /// <summary>A method frame with arguments as given, well-formed or not.</summary>
    public void SendMethod(ushort channel, uint id, ReadOnlySpan<byte> arguments)
    {
        var payload = new byte[4 + arguments.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(payload, id);
        arguments.CopyTo(payload.AsSpan(4));
        SendFrame(Frame.Method, channel, payload);
    }

    public void SendHeader(ushort channel, ulong bodySize, BasicProperties? properties = null)
    {
        FrameWriter.WriteHeader(_out, channel, bodySize, (properties ?? new BasicProperties()).ToBytes());
        Flush();
    }

    public void SendBody(ushort channel, ReadOnlySpan<byte> part) => SendFrame(Frame.Body, channel, part);

    public void SendHeartbeat()
    {
        FrameWriter.WriteHeartbeat(_out);
        Flush();
    }

    /// <summary>A whole message: method, header, body frames.</summary>
    public void Publish(
        ushort channel, string exchange, string routingKey, ReadOnlySpan<byte> body,
        BasicProperties? properties = null, bool mandatory = false, bool immediate = false)
    {
        var method = new BasicPublish(
            Encoding.UTF8.GetBytes(exchange), Encoding.UTF8.GetBytes(routingKey), mandatory, immediate);
        FrameWriter.WriteContent(
            _out, channel, method, (properties ?? new BasicProperties()).ToBytes(), body, FrameMax);
        Flush();
    }

    public void Publish(
        ushort channel, string exchange, string routingKey, string body,
        BasicProperties? properties = null, bool mandatory = false, bool immediate = false) =>
        Publish(channel, exchange, routingKey, Encoding.UTF8.GetBytes(body), properties, mandatory, immediate);

    /// <summary>Only the method of a publish; header and body are the test's.</summary>
    public void SendPublishMethod(ushort channel, string exchange, string routingKey) =>
        Send(channel, new BasicPublish(Encoding.UTF8.GetBytes(exchange), Encoding.UTF8.GetBytes(routingKey)));

    private void Flush()
    {
        if (_holding) return;
        var rest = _out.WrittenSpan;
        while (!rest.IsEmpty) rest = rest[Socket.Send(rest)..];
        _out.Clear();
    }
}
