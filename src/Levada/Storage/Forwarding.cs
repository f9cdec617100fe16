using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// Copies the few live messages of old segments to a new one, so that the old ones can go. A job that hops between the
/// turn and the disk threads. Used once. A run in which a live message cannot be read stays where it is.
/// </summary>
internal sealed class Forwarding(MessageStore store, Hop hop, CopyBuffers buffers, bool durable)
{
    private const int ReplacedMessagesMax = 10_000;

    private readonly FileScan _scan = buffers.Scan;
    private readonly FileScan _sharedScan = buffers.ReferenceScan;
    private readonly SegmentFiles _files = new(store, buffers, durable);
    private readonly List<(Run Old, Run Copy)> _copies = [];

    /// <summary>
    /// Begins and ends on the turn. The old segments stay held: a checkpoint on disk may still name them.
    /// </summary>
    /// <exception cref="IOException">Nothing has changed.</exception>
    public async Task Copy(IReadOnlyList<Segment> segments)
    {
        var runs = new List<(Run Run, ulong SettledBelow, ulong[] Bits)>();
        foreach (Segment segment in segments)
        {
            segment.IsHeld = true;
            foreach (Run run in segment.Runs)
                runs.Add((run, run.SettledBelow, run.SettledBits.ToArray()));
        }

        Segment target = _files.SharedSegment();
        try
        {
            await hop.ToDisk();
            foreach ((Run run, ulong settledBelow, ulong[] bits) in runs)
                CopyRun(run, settledBelow, bits, _files.WriterOf(target));
            _files.Finish();
            await hop.ToTurn();
        }
        catch (IOException)
        {
            _files.DeleteAbandoned();
            await hop.ToTurn();
            _files.ReleaseAbandoned();
            throw;
        }

        await Replace();
    }

    private void CopyRun(Run run, ulong settledBelow, ulong[] bits, SegmentWriter writer)
    {
        _scan.Open(run.Segment.Handle);
        _sharedScan.Open(run.Segment.Handle);
        writer.BeginRun(run.Queue);
        int before = writer.Runs.Count;
        ulong expected = run.First;
        for (long offset = run.Offset; offset < run.Offset + run.Length;)
        {
            ReadOnlySpan<byte> record = ReadRecord(_scan, offset, run.Offset + run.Length - offset);
            if (record.IsEmpty)
            {
                offset = NextWhole(run, offset, out ulong next);
                for (; expected < next; expected++)
                {
                    if (IsSettled(run, expected, settledBelow, bits))
                        continue;
                    writer.DiscardRun();
                    return;
                }

                continue;
            }

            offset += record.Length;
            ulong sequence = SegmentFormat.Sequence(record);
            expected = sequence + 1;
            if (IsSettled(run, sequence, settledBelow, bits))
                continue;
            if (!TryAppend(run, sequence, record, writer))
            {
                writer.DiscardRun();
                return;
            }
        }

        writer.BeginRun(run.Queue);
        if (writer.Runs.Count > before)
            _copies.Add((run, writer.Runs[^1]));
    }

    private static bool IsSettled(Run run, ulong sequence, ulong settledBelow, ulong[] bits)
    {
        ulong bit = sequence - run.First;
        return sequence < settledBelow || (bits.Length > 0 && (bits[bit / 64] & (1ul << (int)(bit % 64))) != 0);
    }

    /// <summary>
    /// Where a whole record follows on a bad one: behind it if its length is right, else at the next block.
    /// </summary>
    private long NextWhole(Run run, long bad, out ulong sequence)
    {
        long end = run.Offset + run.Length;
        int length = SegmentFormat.RecordLength(_scan.Read(bad, SegmentFormat.RecordHeaderBytes));
        IEnumerable<long> places = run.Blocks.Select(static block => block.Offset).Where(offset => offset > bad);
        foreach (long place in length == 0 ? places : places.Prepend(bad + length))
        {
            if (place >= end)
                break;
            ReadOnlySpan<byte> record = ReadRecord(_scan, place, end - place);
            if (record.IsEmpty)
                continue;
            sequence = SegmentFormat.Sequence(record);
            return place;
        }

        sequence = run.Last + 1;
        return end;
    }

    private bool TryAppend(Run run, ulong sequence, ReadOnlySpan<byte> record, SegmentWriter writer)
    {
        if (!SegmentFormat.IsReference(record))
        {
            writer.Append(sequence, record[SegmentFormat.RecordHeaderBytes..], null, splitAtGaps: false);
            return true;
        }

        long offset = SegmentFormat.ReferencedOffset(record);
        ReadOnlySpan<byte> shared = ReadRecord(_sharedScan, offset, run.Segment.Length - offset);
        if (shared.IsEmpty || SegmentFormat.IsReference(shared))
            return false;
        writer.Append(
            sequence, shared[SegmentFormat.RecordHeaderBytes..], (run.Segment, offset), splitAtGaps: false);
        return true;
    }

    /// <summary>A whole record; empty if it is not what was written.</summary>
    private static ReadOnlySpan<byte> ReadRecord(FileScan scan, long offset, long room)
    {
        int length = SegmentFormat.RecordLength(scan.Read(offset, SegmentFormat.RecordHeaderBytes));
        if (length == 0 || length > room)
            return default;
        ReadOnlySpan<byte> record = scan.Read(offset, length);
        return record.Length == length && SegmentFormat.IsWhole(record) ? record : default;
    }

    private async Task Replace()
    {
        int replaced = 0;
        foreach ((Run old, Run copy) in _copies)
        {
            if (replaced > ReplacedMessagesMax)
            {
                replaced = 0;
                await hop.ToTurn();
            }

            replaced += copy.Count;
            copy.Segment.Count += copy.Count;
            store.Counters.AddForwarded(copy.Count);
            if (old.Live == 0 || old.Queue.IsDropped)
                continue;
            old.Queue.Replace(old, copy);
            old.Segment.Live -= copy.Live;
            copy.Segment.Live += copy.Live;
        }

        _files.Release();
    }
}
