using System.Buffers.Binary;

namespace Levada.Protocol;

/// <summary>
/// The payload of a content header frame (spec 2.3.5.2). The weight field means nothing and is skipped.
/// </summary>
public readonly ref struct ContentHeader
{
    public ushort ClassId { get; private init; }

    /// <summary>Octets of the body that follows; a body of 0 has no body frame.</summary>
    public ulong BodySize { get; private init; }

    /// <summary>Property flags and list, unchecked: see <see cref="BasicPropertiesReader"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; private init; }

    /// <summary>False when not even the flags are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ContentHeader header)
    {
        header = default;
        if (payload.Length < 14) return false;
        header = new ContentHeader
        {
            BodySize = BinaryPrimitives.ReadUInt64BigEndian(payload.Slice(4, 8)),
            ClassId = BinaryPrimitives.ReadUInt16BigEndian(payload),
            Properties = payload[12..],
        };
        return true;
    }
}
