using System.Buffers.Binary;
using System.Text;
using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>
/// What the broker writes into every message that is published, before it is routed: RabbitMQ's interceptors of
/// incoming messages, and LavinMQ's set_timestamp. Immutable; any thread.
/// </summary>
internal sealed class MessageInterceptors
{
    private const int TypeOctet = 1;
    private const int LengthOctets = sizeof(uint);

    // Each is null when it is off, else whether what the publisher wrote is overwritten.
    private readonly bool? _timestampHeader;
    private readonly bool? _timestampProperty;
    private readonly bool? _node;
    private readonly byte[] _nodeValue;
    private readonly int _room;

    private MessageInterceptors(BrokerOptions options, string nodeName)
    {
        _timestampHeader = options.SetHeaderTimestamp;
        _timestampProperty = options.SetHeaderTimestamp ?? (options.SetTimestamp ? false : null);
        _node = options.SetHeaderRoutingNode;
        var name = Encoding.UTF8.GetBytes(nodeName);
        _nodeValue = new byte[TypeOctet + LengthOctets + name.Length];
        _nodeValue[0] = (byte)FieldType.LongString;
        BinaryPrimitives.WriteUInt32BigEndian(_nodeValue.AsSpan(TypeOctet), (uint)name.Length);
        name.CopyTo(_nodeValue, TypeOctet + LengthOctets);
        _room = 128 + name.Length;
    }

    /// <summary>Null if nothing is to be written.</summary>
    public static MessageInterceptors? From(BrokerOptions options, string nodeName) =>
        options.SetHeaderTimestamp is null && options.SetHeaderRoutingNode is null && !options.SetTimestamp
            ? null
            : new MessageInterceptors(options, nodeName);

    /// <summary>Octets that <see cref="Apply"/> needs.</summary>
    public int ScratchSize(int propertiesLength) => 3 * (propertiesLength + _room);

    /// <summary>The properties with what is to be in them; in the scratch.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> properties, long nowMs, Span<byte> scratch)
    {
        // One step reads what the step before wrote, so each has a third to write to.
        var third = scratch.Length / 3;
        if (_timestampHeader is { } overwriteHeader)
        {
            Span<byte> value = stackalloc byte[TypeOctet + sizeof(long)];
            value[0] = (byte)FieldType.Long;
            BinaryPrimitives.WriteInt64BigEndian(value[TypeOctet..], nowMs);
            var to = scratch[..third];
            properties = to[..BasicPropertiesRewriter.SetHeader(
                properties, "timestamp_in_ms"u8, value, overwriteHeader, to)];
        }

        if (_timestampProperty is { } overwriteProperty)
        {
            var to = scratch.Slice(third, third);
            properties = to[..BasicPropertiesRewriter.SetTimestamp(
                properties, (ulong)nowMs / 1000, overwriteProperty, to)];
        }

        if (_node is { } overwriteNode)
        {
            var to = scratch.Slice(2 * third, third);
            properties = to[..BasicPropertiesRewriter.SetHeader(
                properties, "x-routed-by"u8, _nodeValue, overwriteNode, to)];
        }

        return properties;
    }
}
