using System.Buffers.Binary;
using Levada.Journal;

namespace Levada.Storage;

/// <summary>
/// The first 512 bytes of a checkpoint, written last: u64 magic, u32 crc over what follows here, u32 format version,
/// u32 shard, u32 epoch, u64 number, u32 clean, u32 queues, u64 bytes and u32 crc of the content, u32 zero, u64 journal
/// file and index where the replay begins, u64 index that is durable, u64 next segment.
/// </summary>
/// <param name="Shard">Whose it is.</param>
/// <param name="Epoch">The start that wrote it.</param>
/// <param name="Number">Grows by one; the higher one of two counts.</param>
/// <param name="IsClean">Written by a clean stop: nothing happened after it in that epoch.</param>
/// <param name="Queues">Queues in the content.</param>
/// <param name="ContentBytes">Length of the content.</param>
/// <param name="ContentCrc">Its checksum.</param>
/// <param name="ReplayFile">Older journal files are not needed.</param>
/// <param name="ReplayIndex">The index of the first record in that file.</param>
/// <param name="DurableIndex">The journal is on disk up to here, at least.</param>
/// <param name="NextSegment">No segment has this number yet.</param>
internal readonly record struct CheckpointHeader(
    int Shard, uint Epoch, long Number, bool IsClean, int Queues, long ContentBytes, uint ContentCrc,
    long ReplayFile, long ReplayIndex, long DurableIndex, long NextSegment)
{
    public const int Bytes = 512;

    /// <summary>
    /// 3 says of a queue whether messages in it have a TTL of their own; 4 what came from other shards.
    /// </summary>
    public const uint Version = 4;

    private const uint OldestVersion = 2;

    private const ulong Magic = 0x4C4E_504B_4844_564C;
    private const int UsedBytes = 96, CrcAt = 8, VersionAt = 12;

    public void Write(Span<byte> to)
    {
        to[..Bytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(to[VersionAt..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], Shard);
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], Number);
        BinaryPrimitives.WriteInt32LittleEndian(to[32..], IsClean ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(to[36..], Queues);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], ContentBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(to[48..], ContentCrc);
        BinaryPrimitives.WriteInt64LittleEndian(to[56..], ReplayFile);
        BinaryPrimitives.WriteInt64LittleEndian(to[64..], ReplayIndex);
        BinaryPrimitives.WriteInt64LittleEndian(to[72..], DurableIndex);
        BinaryPrimitives.WriteInt64LittleEndian(to[80..], NextSegment);
        BinaryPrimitives.WriteUInt32LittleEndian(to[CrcAt..], Checksum.Of(to[VersionAt..UsedBytes]));
    }

    /// <summary>Reads the header; false if there is none or it is damaged.</summary>
    /// <exception cref="InvalidDataException">A later version of the program wrote it.</exception>
    public static bool TryRead(ReadOnlySpan<byte> from, out CheckpointHeader header)
    {
        header = default;
        if (from.Length < UsedBytes || BinaryPrimitives.ReadUInt64LittleEndian(from) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(from[CrcAt..]) != Checksum.Of(from[VersionAt..UsedBytes]))
            return false;
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(from[VersionAt..]);
        if (version is < OldestVersion or > Version)
        {
            throw new InvalidDataException(
                $"checkpoint format {version} is not known; this version reads {OldestVersion} to {Version}");
        }

        header = new CheckpointHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[32..]) == 1,
            BinaryPrimitives.ReadInt32LittleEndian(from[36..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[56..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[64..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[72..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[80..]));
        return true;
    }
}
