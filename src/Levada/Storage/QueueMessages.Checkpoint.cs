namespace Levada.Storage;

// What a checkpoint says of a queue.
public sealed partial class QueueMessages
{
    /// <summary>In the number of runs.</summary>
    internal const uint HasExpiringBit = 1u << 31;

    private const int RedeliveredBit = 1;
    private const int CountShift = 1;

    /// <summary>
    /// Writes u64 queue, u64 index up to which this is so, u64 next sequence, u64 redelivered below, u32 runs (highest
    /// bit: <see cref="HasExpiring"/>), u32 marks, then the runs, the marks (u64 sequence, u32 count and flag, u32 body
    /// bytes) and the bodies that are files.
    /// </summary>
    /// <param name="buffer">Takes it.</param>
    /// <param name="index">The last record whose effect is in it.</param>
    /// <param name="clean">The run ends here: marks for all durable messages, not only for those in segments.</param>
    internal void WriteCheckpoint(CheckpointBuffer buffer, long index, bool clean)
    {
        List<(ulong Sequence, uint Mark, int BodyBytes)> marks = Marks(clean);
        buffer.U64(Id.Value);
        buffer.I64(index);
        buffer.U64(_ring.Next);
        buffer.U64(_redeliveredBelow);
        buffer.U32((uint)(_backlog?.Durable.Count ?? 0) | (HasExpiring ? HasExpiringBit : 0));
        buffer.U32((uint)marks.Count);
        for (int i = 0; i < _backlog?.Durable.Count; i++)
            WriteRun(buffer, _backlog.Durable[i]);
        foreach ((ulong sequence, uint mark, int bodyBytes) in marks)
        {
            buffer.U64(sequence);
            buffer.U32(mark);
            buffer.U32((uint)bodyBytes);
        }

        WriteBodies(buffer);
    }

    /// <summary>Reads what <see cref="WriteCheckpoint"/> wrote of one message.</summary>
    internal static (int DeliveryCount, bool Redelivered) ReadMark(uint mark) =>
        ((int)(mark >> CountShift), (mark & RedeliveredBit) != 0);

    /// <summary>
    /// u64 segment, u64 offset, u64 length, u64 first, u64 last, u32 count, u32 live, u64 live bytes,
    /// u64 settled below, u32 words of the bitmap, and these.
    /// </summary>
    private static void WriteRun(CheckpointBuffer buffer, Run run)
    {
        buffer.I64(run.Segment.Number);
        buffer.I64(run.Offset);
        buffer.I64(run.Length);
        buffer.U64(run.First);
        buffer.U64(run.Last);
        buffer.U32((uint)run.Count);
        buffer.U32((uint)run.Live);
        buffer.I64(run.LiveBytes);
        buffer.U64(run.SettledBelow);
        buffer.U32((uint)run.SettledBits.Length);
        foreach (ulong word in run.SettledBits)
            buffer.U64(word);
    }

    private List<(ulong Sequence, uint Mark, int BodyBytes)> Marks(bool clean)
    {
        var marks = new List<(ulong, uint, int)>();
        if (_backlog is not null)
        {
            foreach ((ulong sequence, Entry entry) in _backlog.Strays)
                AddMark(marks, sequence, entry, clean);
        }

        for (ulong sequence = _ring.Base; sequence < _ring.Next; sequence++)
            AddMark(marks, sequence, _ring[sequence], clean);
        return marks;
    }

    /// <summary>What is in the journal has its counts there; only a clean stop writes them here.</summary>
    private static void AddMark(List<(ulong, uint, int)> marks, ulong sequence, in Entry entry, bool clean)
    {
        if (!entry.Location.IsDurable || (!clean && entry.Location.Kind != LocationKind.Run))
            return;
        bool redelivered = clean && (entry.IsUnacked || entry.IsRedelivered);
        uint mark = ((uint)entry.DeliveryCount << CountShift) | (redelivered ? RedeliveredBit : 0u);
        if (mark != 0)
            marks.Add((sequence, mark, entry.BodyBytes));
    }
}
