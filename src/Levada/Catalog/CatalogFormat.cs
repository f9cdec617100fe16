using System.Buffers.Binary;
using System.Numerics;

namespace Levada.Catalog;

/// <summary>
/// The octets of the catalog's log. The file opens with a magic, a version and their CRC. A record is its content's
/// length, a CRC32C over number and content, its number (1, 2, 3, ... in each file) and the content, the steps of one
/// change. Numbers are little-endian. Zeros behind the last record are room that was reserved.
/// </summary>
internal static class CatalogFormat
{
    public const int HeaderLength = 16;
    public const int RecordHeaderLength = 16;
    public const uint Version = 1;

    /// <summary>
    /// Longest content; more is damage. The longest real one is an import of definitions, of 32 MiB as JSON at most.
    /// </summary>
    public const int MaxContent = 256 * 1024 * 1024;

    private static ReadOnlySpan<byte> Magic => "LEVADACT"u8;

    public static void WriteHeader(Span<byte> to)
    {
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], Crc(0, to[..12]));
    }

    /// <summary>The version of the file; null if the header is damaged or no header.</summary>
    public static uint? ReadHeader(ReadOnlySpan<byte> from)
    {
        if (from.Length < HeaderLength || !from[..8].SequenceEqual(Magic))
            return null;
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(from[12..]);
        return crc == Crc(0, from[..12]) ? BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) : null;
    }

    public static void WriteRecordHeader(Span<byte> to, ulong number, ReadOnlySpan<byte> content)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, content.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Crc(Crc(0, to.Slice(8, 8)), content));
    }

    public static (int Length, uint Crc, ulong Number) ReadRecordHeader(ReadOnlySpan<byte> from) => (
        BinaryPrimitives.ReadInt32LittleEndian(from),
        BinaryPrimitives.ReadUInt32LittleEndian(from[4..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[8..]));

    /// <summary>CRC32C of what the number before covers and of these octets.</summary>
    public static uint Crc(uint before, ReadOnlySpan<byte> octets)
    {
        var crc = ~before;
        while (octets.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[sizeof(ulong)..];
        }

        foreach (var octet in octets)
            crc = BitOperations.Crc32C(crc, octet);
        return ~crc;
    }
}
