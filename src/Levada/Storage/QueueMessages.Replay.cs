using System.Runtime.CompilerServices;

namespace Levada.Storage;

// What recovery says happened, in the order in which it happened. Nothing here is told to the journal again.
public sealed partial class QueueMessages
{
    private const ulong FilledGapMax = 64;

    /// <summary>
    /// The index up to which the checkpoint knows all that happened to messages in runs. Records up to there only
    /// matter for messages that are still in the journal.
    /// </summary>
    internal long CheckpointIndex { get; set; }

    internal void ReplayEnqueue(ulong sequence, Location location, int bodyBytes, bool shared, long index)
    {
        if (index <= CheckpointIndex && _backlog?.Durable.Find(sequence) is { } run && !run.IsSettled(sequence))
        {
            // It was copied, and its file is only still there for another message that could not be.
            _store.Release(location);
            return;
        }

        if (sequence < _ring.Next && !_ring.IsEmpty)
            throw new InvalidDataException($"queue {Id}: message {sequence} follows {_ring.Next - 1} in the journal");
        SkipTo(sequence);
        Add(location, bodyBytes, shared);
    }

    internal void ReplaySettle(ulong first, ulong last, long bodyBytes, long index)
    {
        ulong end = Math.Min(last + 1, _ring.Next);
        for (ulong sequence = Math.Max(first, _ring.Base); sequence < end; sequence++)
        {
            ref Entry entry = ref _ring[sequence];
            if (entry.IsLive)
                bodyBytes -= ReplayRemove(sequence, ref entry);
        }

        TrimRing();
        LetGoOfBodies(first, last);
        if (_backlog is null)
            return;
        bodyBytes -= ReplaySettleStrays(_backlog, first, last);
        if (index > CheckpointIndex)
            ReplaySettleRuns(_backlog.Durable, first, last, bodyBytes);
    }

    /// <summary>
    /// After a start: these are in another queue, as its journal says. What of them is still here is settled, and this
    /// is told to the journal.
    /// </summary>
    internal void SettleMoved(SequenceRange moved)
    {
        for (ulong sequence = moved.First; sequence <= moved.Last; sequence++)
        {
            if (!IsDurable(sequence))
                continue;
            NoteRangeSettled(moved.First, moved.Last, moved.BodyBytes);
            ReplaySettle(moved.First, moved.Last, moved.BodyBytes, long.MaxValue);
            return;
        }
    }

    internal void ReplayRequeue(ulong sequence, int deliveryCount, int bodyBytes, long index)
    {
        ref Entry entry = ref Find(sequence);
        if (!Unsafe.IsNullRef(ref entry))
            entry.DeliveryCount = deliveryCount;
        else if (index > CheckpointIndex && _backlog?.Durable.Find(sequence) is { } run && !run.IsSettled(sequence))
            _backlog.AddStray(sequence, durable: true, bodyBytes).DeliveryCount = deliveryCount;
    }

    /// <summary>A run that the checkpoint names.</summary>
    internal void RestoreRun(Run run)
    {
        Behind.AddRun(run);
        Ready += run.Live;
        ReadyBytes += run.LiveBytes;
    }

    /// <summary>A run whose segment is lost.</summary>
    internal void LoseRun(Run run)
    {
        Ready -= run.Live;
        ReadyBytes = Ready == 0 ? 0 : Math.Max(0, ReadyBytes - run.LiveBytes);
        _backlog!.RemoveRun(run);
    }

    /// <summary>What a checkpoint remembers of one message.</summary>
    internal void RestoreMark(ulong sequence, int deliveryCount, bool redelivered, int bodyBytes)
    {
        ref Entry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry))
        {
            if (_backlog?.Durable.Find(sequence) is not { } run || run.IsSettled(sequence))
                return;
            entry = ref _backlog.AddStray(sequence, durable: true, bodyBytes);
        }

        entry.DeliveryCount = deliveryCount;
        entry.IsRedelivered |= redelivered;
    }

    /// <summary>After the last record.</summary>
    /// <param name="nextSequence">No sequence below this is given again.</param>
    /// <param name="redeliveredBelow">All below this may have been handed out; null: all there are.</param>
    internal void FinishReplay(ulong nextSequence, ulong? redeliveredBelow)
    {
        SkipTo(Math.Max(nextSequence, _ring.Next));
        _redeliveredBelow = redeliveredBelow ?? _ring.Next;
        CheckpointIndex = 0;
    }

    /// <summary>Makes a sequence the next one: those between were volatile, or settled long ago.</summary>
    private void SkipTo(ulong sequence)
    {
        if (sequence == _ring.Next)
            return;
        if (!_ring.IsEmpty && sequence - _ring.Next <= FilledGapMax)
        {
            while (_ring.Next < sequence)
                _ring.Append() = default;
            return;
        }

        while (!_ring.IsEmpty)
        {
            ref Entry entry = ref _ring[_ring.Base];
            if (entry.IsLive)
                LeaveBehind(_ring.Base, entry);
            _ring.PopFront();
        }

        _ring.Restart(sequence);
    }

    private int ReplayRemove(ulong sequence, ref Entry entry)
    {
        int bodyBytes = entry.BodyBytes;
        _store.Release(entry.Location);
        Ready--;
        ReadyBytes -= bodyBytes;
        _liveInRing--;
        entry = default;
        return bodyBytes;
    }

    private long ReplaySettleStrays(Backlog backlog, ulong first, ulong last)
    {
        long bodyBytes = 0;
        if (last - first < (ulong)backlog.Strays.Count)
        {
            for (ulong sequence = first; sequence <= last; sequence++)
                bodyBytes += ReplayRemoveStray(backlog, sequence);
            return bodyBytes;
        }

        // Removing does not disturb the walk through a dictionary.
        foreach (ulong sequence in backlog.Strays.Keys)
        {
            if (sequence >= first && sequence <= last)
                bodyBytes += ReplayRemoveStray(backlog, sequence);
        }

        return bodyBytes;
    }

    /// <summary>The bytes of its body, unless it is in a run: then the run counts them.</summary>
    private int ReplayRemoveStray(Backlog backlog, ulong sequence)
    {
        if (!backlog.Strays.Remove(sequence, out Entry entry) || entry.Location.Kind == LocationKind.Run)
            return 0;
        _store.Release(entry.Location);
        Ready--;
        ReadyBytes -= entry.BodyBytes;
        return entry.BodyBytes;
    }

    private void ReplaySettleRuns(RunList runs, ulong first, ulong last, long bodyBytes)
    {
        for (int i = runs.IndexAtOrAfter(first); i < runs.Count && runs[i].First <= last;)
        {
            Run run = runs[i];
            int settled = run.SettleRange(first, last);
            Ready -= settled;
            long bytes = run.Live == 0 ? run.LiveBytes : settled == 0 ? 0 : Math.Clamp(bodyBytes, 0, run.LiveBytes);
            run.LiveBytes -= bytes;
            bodyBytes -= bytes;
            ReadyBytes -= bytes;
            _store.Settled(run, settled);
            if (i < runs.Count && runs[i] == run)
                i++;
        }
    }
}
