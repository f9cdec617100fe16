using System.Buffers.Binary;

namespace Levada.Journal;

/// <summary>
/// The first 512 bytes of a journal file, written when the file is taken into use: u64 magic, u32 crc over the rest,
/// u32 format version, u32 shard, u32 epoch, u64 file number, u64 index of the first record, u32 tag. The tag is drawn
/// by lot: nobody can put into a message what a reader would take for one of the file's groups.
/// </summary>
internal readonly record struct JournalFileHeader(
    int Shard, uint Epoch, uint Tag, long FileNumber, long FirstIndex)
{
    /// <summary>What the header takes of the file: the first group stands behind it.</summary>
    public const int Bytes = GroupHeader.Alignment;

    /// <summary>2 marks messages that were dead-lettered; 1 had none.</summary>
    public const uint Version = 2;

    private const uint OldestVersion = 1;

    private const ulong Magic = 0x4C4E_524A_4144_564C;
    private const int UsedBytes = 44;
    private const int CrcAt = 8, VersionAt = 12, ShardAt = 16, EpochAt = 20, NumberAt = 24, FirstAt = 32, TagAt = 40;

    public void Write(Span<byte> to)
    {
        to[..Bytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(to[VersionAt..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(to[ShardAt..], Shard);
        BinaryPrimitives.WriteUInt32LittleEndian(to[EpochAt..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(to[NumberAt..], FileNumber);
        BinaryPrimitives.WriteInt64LittleEndian(to[FirstAt..], FirstIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(to[TagAt..], Tag);
        BinaryPrimitives.WriteUInt32LittleEndian(to[CrcAt..], Checksum.Of(to[VersionAt..UsedBytes]));
    }

    /// <summary>Reads the header; false if there is none or it is damaged.</summary>
    /// <exception cref="InvalidDataException">A later version of the program wrote it.</exception>
    public static bool TryRead(ReadOnlySpan<byte> from, out JournalFileHeader header)
    {
        header = default;
        if (from.Length < UsedBytes || BinaryPrimitives.ReadUInt64LittleEndian(from) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(from[CrcAt..]) != Checksum.Of(from[VersionAt..UsedBytes]))
            return false;
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(from[VersionAt..]);
        if (version is < OldestVersion or > Version)
        {
            throw new InvalidDataException(
                $"journal format {version} is not known here; this version reads {OldestVersion} to {Version}");
        }

        header = new JournalFileHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from[ShardAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[EpochAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[TagAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[NumberAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[FirstAt..]));
        return true;
    }
}
