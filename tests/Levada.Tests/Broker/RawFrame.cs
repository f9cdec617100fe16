using System.Buffers.Binary;
using Levada.Protocol;

namespace Levada.Tests;

/// <summary>A frame as it came off the socket.</summary>
public sealed record RawFrame(byte Type, ushort Channel, byte[] Payload)
{
    /// <summary>Class and method number; 0 for a frame that is no method.</summary>
    public uint Id => Type == Frame.Method ? BinaryPrimitives.ReadUInt32BigEndian(Payload) : 0;

    public bool Is<T>() where T : IMethod<T>, allows ref struct => Id == T.Id;

    /// <summary>The method in it.</summary>
    /// <exception cref="AmqpExpectationException">It is another frame, or malformed.</exception>
    public T Method<T>() where T : IMethod<T>, allows ref struct
    {
        if (!Is<T>()) throw new AmqpExpectationException($"expected {MethodId.Name(T.Id)}, got {this}");
        return T.TryRead(Payload.AsSpan(4), out var method)
            ? method
            : throw new AmqpExpectationException($"malformed {this}: {Convert.ToHexString(Payload)}");
    }

    public override string ToString() => Type switch
    {
        Frame.Method when Id == MethodId.ChannelClose => $"{Method<ChannelClose>()} on channel {Channel}",
        Frame.Method when Id == MethodId.ConnectionClose => Method<ConnectionClose>().ToString(),
        Frame.Method => $"{MethodId.Name(Id)} on channel {Channel}",
        Frame.Header => $"content header on channel {Channel}",
        Frame.Body => $"body frame of {Payload.Length} octets on channel {Channel}",
        Frame.Heartbeat => "heartbeat",
        _ => $"frame of type {Type} on channel {Channel}",
    };
}
