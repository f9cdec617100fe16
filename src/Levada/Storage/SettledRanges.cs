using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Levada.Journal;

namespace Levada.Storage;

/// <summary>
/// What was settled in this turn and is not in the journal yet: ranges per queue, so that a consumer who acks in order
/// costs one range a turn. Owned by the turn.
/// </summary>
internal sealed class SettledRanges
{
    private readonly List<Range> _closed = [];
    private readonly List<QueueMessages> _open = [];

    public bool IsEmpty => _closed.Count == 0 && _open.Count == 0;

    public void Open(QueueMessages queue) => _open.Add(queue);

    public void Close(ulong queue, ulong first, ulong last, long bodyBytes) =>
        _closed.Add(new Range(queue, first, last, bodyBytes));

    /// <summary>Ends all ranges that could still grow.</summary>
    public void CloseAll()
    {
        foreach (QueueMessages queue in _open)
            queue.CloseSettledRange();
        _open.Clear();
    }

    public int Count => _closed.Count;

    public static int PayloadBytes(int count) => RecordFormat.CountBytes + count * RecordFormat.RangeBytes;

    public void Write(Span<byte> payload, int start, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(payload, count);
        payload = payload[RecordFormat.CountBytes..];
        foreach (Range range in CollectionsMarshal.AsSpan(_closed).Slice(start, count))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(payload, range.Queue);
            BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], range.First);
            BinaryPrimitives.WriteUInt64LittleEndian(payload[16..], range.Last);
            BinaryPrimitives.WriteInt64LittleEndian(payload[24..], range.BodyBytes);
            payload = payload[RecordFormat.RangeBytes..];
        }
    }

    public void Clear() => _closed.Clear();

    private readonly record struct Range(ulong Queue, ulong First, ulong Last, long BodyBytes);
}
