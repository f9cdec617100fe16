using System.Buffers.Binary;

namespace Levada.Journal;

/// <summary>
/// What stands before the records that were appended together, on a boundary of 512 bytes: u32 magic, u32 crc over the
/// rest, u32 bytes of records, u32 file number (low bits), u32 epoch, u32 the file's tag, u64 index of the first
/// record, u64 the highest index known to be durable then.
/// </summary>
internal readonly record struct GroupHeader(
    int ContentBytes, uint FileNumber, uint Epoch, uint Tag, long FirstIndex, long DurableIndex)
{
    public const int Bytes = 40;
    public const int Alignment = 512;

    private const uint Magic = 0x4752_564C;
    private const int CrcAt = 4, ContentAt = 8, FileAt = 12, EpochAt = 16, TagAt = 20, FirstAt = 24, DurableAt = 32;

    public static long Align(long offset) => (offset + Alignment - 1) & ~(Alignment - 1L);

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(to[ContentAt..], ContentBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(to[FileAt..], FileNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(to[EpochAt..], Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(to[TagAt..], Tag);
        BinaryPrimitives.WriteInt64LittleEndian(to[FirstAt..], FirstIndex);
        BinaryPrimitives.WriteInt64LittleEndian(to[DurableAt..], DurableIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(to[CrcAt..], Checksum.Of(to[ContentAt..Bytes]));
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out GroupHeader header)
    {
        header = default;
        if (from.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(from[CrcAt..]) != Checksum.Of(from[ContentAt..Bytes]))
            return false;
        header = new GroupHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from[ContentAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[FileAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[EpochAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[TagAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[FirstAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[DurableAt..]));
        return header.ContentBytes >= 0;
    }
}
