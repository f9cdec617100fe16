using System.Buffers.Binary;
using Levada.Journal;
using Levada.Queues;

namespace Levada.Storage;

/// <summary>
/// What came to a shard from queues of others and may not be settled there yet. The journal says so, and when that is
/// recycled the checkpoint does. Owned by the turn.
/// </summary>
internal sealed class Arrivals
{
    private readonly List<Arrival> _open = [];

    /// <summary>Those that a start must see to.</summary>
    public IReadOnlyList<Arrival> Open => _open;

    public void Add(Arrival arrival)
    {
        _open.RemoveAll(static other => other.IsSettled);
        _open.Add(arrival);
    }

    /// <summary>For a checkpoint: the payload of one record that says it all.</summary>
    public void Write(CheckpointBuffer buffer)
    {
        _open.RemoveAll(static other => other.IsSettled);
        buffer.U32((uint)_open.Sum(static arrival => arrival.Ranges.Count));
        foreach (Arrival arrival in _open)
        {
            foreach (SequenceRange range in arrival.Ranges)
            {
                buffer.U64(arrival.Source.Value);
                buffer.U64(range.First);
                buffer.U64(range.Last);
                buffer.I64(range.BodyBytes);
            }
        }
    }

    /// <summary>What a checkpoint or a record says. Of what is settled long ago, too: that changes nothing.</summary>
    public void Restore(ReadOnlySpan<byte> payload)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(payload);
        payload = payload[RecordFormat.CountBytes..];
        for (int i = 0; i < count; i++, payload = payload[RecordFormat.RangeBytes..])
        {
            var range = new SequenceRange(
                BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(payload[24..]));
            _open.Add(new Arrival(new QueueId(BinaryPrimitives.ReadUInt64LittleEndian(payload)), [range]));
        }
    }
}
