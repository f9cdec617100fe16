using System.Buffers.Binary;
using Levada.Journal;

namespace Levada.Storage;

/// <summary>
/// The bytes of a segment. The first 64: u64 magic, u32 format version, u32 shard, u64 number, zero. Then records:
/// u32 crc over all that follows, u32 length of the whole, u64 sequence, and the message; in the length the highest bit
/// says that instead of the message there is the u64 offset of the record that holds it. A durable segment ends with
/// the footer: for each run u64 queue, u64 first, u64 last, u64 offset, u64 length, u32 count, u32 block starts, then
/// the block starts (u64 sequence, u64 offset); then u64 offset of the footer, u32 runs, u32 crc over the footer, its
/// offset and runs, u64 magic.
/// </summary>
internal static class SegmentFormat
{
    public const int HeaderBytes = 64;
    public const int RecordHeaderBytes = 16;
    public const int ReferenceBytes = RecordHeaderBytes + sizeof(ulong);
    public const int RunBytes = 48;
    public const int BlockStartBytes = 16;
    public const int TrailerBytes = 24;
    /// <summary>2 marks messages that were dead-lettered; 1 had none.</summary>
    public const uint Version = 2;

    private const uint OldestVersion = 1;

    private const ulong Magic = 0x4C4E_4753_4144_564C;
    private const uint ReferenceBit = 0x8000_0000;

    public static void WriteHeader(Span<byte> to, int shard, long number)
    {
        to[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], shard);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], number);
    }

    /// <summary>What is wrong with a header; null if nothing is.</summary>
    public static string? CheckHeader(ReadOnlySpan<byte> from, int shard, long number)
    {
        if (from.Length < HeaderBytes || BinaryPrimitives.ReadUInt64LittleEndian(from) != Magic)
            return "it does not begin like a segment";
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) is < OldestVersion or > Version)
            return $"its format is not version {OldestVersion} to {Version}";
        return BinaryPrimitives.ReadInt32LittleEndian(from[12..]) != shard
            || BinaryPrimitives.ReadInt64LittleEndian(from[16..]) != number
            ? "it is another shard's or has another number"
            : null;
    }

    /// <summary>Writes a record that holds its message.</summary>
    public static void WriteRecord(Span<byte> to, ulong sequence, ReadOnlySpan<byte> message)
    {
        message.CopyTo(to[RecordHeaderBytes..]);
        Seal(to[..(RecordHeaderBytes + message.Length)], 0, sequence);
    }

    /// <summary>Writes a record whose message is in another one of the file.</summary>
    public static void WriteReference(Span<byte> to, ulong sequence, long offset)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to[RecordHeaderBytes..], offset);
        Seal(to[..ReferenceBytes], ReferenceBit, sequence);
    }

    /// <summary>The length of a record; 0 if it cannot be one.</summary>
    public static int RecordLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < RecordHeaderBytes)
            return 0;
        int length = (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) & ~ReferenceBit);
        return length >= RecordHeaderBytes ? length : 0;
    }

    public static bool IsReference(ReadOnlySpan<byte> record) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) & ReferenceBit) != 0;

    public static long ReferencedOffset(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadInt64LittleEndian(record[RecordHeaderBytes..]);

    public static ulong Sequence(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt64LittleEndian(record[8..]);

    public static bool IsWhole(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record) == Checksum.Of(record[4..]);

    /// <summary>Writes the trailer behind a footer that is in the span from 0 on.</summary>
    public static void WriteTrailer(Span<byte> footerAndTrailer, long footerOffset, int runs)
    {
        Span<byte> trailer = footerAndTrailer[^TrailerBytes..];
        BinaryPrimitives.WriteInt64LittleEndian(trailer, footerOffset);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[8..], runs);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[12..], Checksum.Of(footerAndTrailer[..^12]));
        BinaryPrimitives.WriteUInt64LittleEndian(trailer[16..], Magic);
    }

    public static bool TryReadTrailer(ReadOnlySpan<byte> trailer, out long footerOffset, out int runs)
    {
        footerOffset = 0;
        runs = 0;
        if (trailer.Length < TrailerBytes || BinaryPrimitives.ReadUInt64LittleEndian(trailer[16..]) != Magic)
            return false;
        footerOffset = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        runs = BinaryPrimitives.ReadInt32LittleEndian(trailer[8..]);
        return footerOffset >= HeaderBytes && runs >= 0;
    }

    public static bool IsFooterWhole(ReadOnlySpan<byte> footerAndTrailer) =>
        BinaryPrimitives.ReadUInt32LittleEndian(footerAndTrailer[^12..]) == Checksum.Of(footerAndTrailer[..^12]);

    private static void Seal(Span<byte> record, uint bits, ulong sequence)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)record.Length | bits);
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(record, Checksum.Of(record[4..]));
    }
}
