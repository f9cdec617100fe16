using System.Buffers.Binary;

namespace Levada.Journal;

/// <summary>
/// A record's bytes: u32 crc over all that follows, u32 length of the whole, u64 index, u32 epoch, u8 kind, 3 zero
/// bytes, then what the kind says. Little-endian.
/// </summary>
internal static class RecordFormat
{
    public const int HeaderBytes = 24;
    public const int CountBytes = sizeof(uint);
    public const int QueueSequenceBytes = 2 * sizeof(ulong);
    public const int RangeBytes = 4 * sizeof(ulong);
    public const int RequeueBytes = 2 * sizeof(ulong) + 2 * sizeof(uint);

    private const int LengthAt = 4, IndexAt = 8, EpochAt = 16, KindAt = 20;

    /// <summary>Fills in the header of a record whose payload is complete.</summary>
    public static void Seal(Span<byte> record, RecordKind kind, long index, uint epoch)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[LengthAt..], record.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record[IndexAt..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(record[EpochAt..], epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(record[KindAt..], (byte)kind);
        BinaryPrimitives.WriteUInt32LittleEndian(record, Checksum.Of(record[LengthAt..]));
    }

    /// <summary>The length that a record claims; 0 if it cannot be one.</summary>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes)
            return 0;
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]);
        return length >= HeaderBytes ? length : 0;
    }

    /// <summary>Whether the checksum of exactly this record is right.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record) == Checksum.Of(record[LengthAt..]);

    public static long Index(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[IndexAt..]);

    public static uint Epoch(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record[EpochAt..]);

    public static RecordKind Kind(ReadOnlySpan<byte> record) => (RecordKind)record[KindAt];

    /// <summary>The message in an enqueue record.</summary>
    public static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> record)
    {
        int queues = BinaryPrimitives.ReadInt32LittleEndian(record[HeaderBytes..]);
        return record[(HeaderBytes + CountBytes + queues * QueueSequenceBytes)..];
    }
}
