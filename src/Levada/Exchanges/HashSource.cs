using System.Text;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// What of a message an x-consistent-hash exchange hashes: the routing key, or the header or property that its
/// arguments name. A message without it hashes like one with an empty text. Immutable.
/// </summary>
internal sealed class HashSource
{
    public const string HeaderArgument = "hash-header";

    /// <summary>LavinMQ's name for <see cref="HeaderArgument"/>.</summary>
    public const string OldHeaderArgument = "x-hash-on";

    public const string PropertyArgument = "hash-property";

    private readonly byte[]? _header;
    private readonly BasicPropertyFlags _property;

    /// <param name="arguments">The exchange's, checked.</param>
    public HashSource(FieldTable arguments)
    {
        if (arguments.TryGet(HeaderArgument, out var name) || arguments.TryGet(OldHeaderArgument, out name))
            _header = Encoding.UTF8.GetBytes(name.AsString);
        else if (arguments.TryGet(PropertyArgument, out name))
            _property = FindProperty(name.AsString);
    }

    public bool IsRoutingKey => _header is null && _property == BasicPropertyFlags.None;

    /// <summary>None if a property of this name cannot be hashed.</summary>
    public static BasicPropertyFlags FindProperty(string name) => name switch
    {
        "message_id" => BasicPropertyFlags.MessageId,
        "correlation_id" => BasicPropertyFlags.CorrelationId,
        "timestamp" => BasicPropertyFlags.Timestamp,
        _ => BasicPropertyFlags.None,
    };

    public ulong HashOf(ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties)
    {
        if (_header is not null)
            return HashOfHeader(properties.HeadersBytes);
        return _property switch
        {
            BasicPropertyFlags.MessageId => StableHash.Of(properties.MessageId),
            BasicPropertyFlags.CorrelationId => StableHash.Of(properties.CorrelationId),
            BasicPropertyFlags.Timestamp => properties.Has(BasicPropertyFlags.Timestamp)
                ? StableHash.Mix(properties.Timestamp)
                : StableHash.Of(default),
            _ => StableHash.Of(routingKey),
        };
    }

    private ulong HashOfHeader(ReadOnlySpan<byte> headers)
    {
        var hash = StableHash.Of(default);
        for (var reader = new FieldTableReader(headers); reader.Next();)
        {
            // Of headers with one name the last one counts. Numbers hash by value: clients choose their wire types.
            if (!reader.Key.SequenceEqual(_header))
                continue;
            hash = reader.TryGetInteger(out var number)
                ? StableHash.Mix((ulong)number)
                : StableHash.Of(reader.Value);
        }

        return hash;
    }
}
