using System.Runtime.CompilerServices;

namespace Levada.Storage;

// Entries that leave the ring, and messages that move from a window to a segment.
public sealed partial class QueueMessages
{
    /// <summary>About what a message takes in a file beside its body.</summary>
    private const int EntryOverheadBytes = 50;

    /// <summary>Appends what is live in the windows being retired to a batch.</summary>
    /// <param name="batch">Takes the messages, by rising sequence.</param>
    /// <param name="from">The first sequence to look at; 0 at first.</param>
    /// <returns>The sequence to go on with; 0 when all were looked at.</returns>
    internal ulong CollectRetiring(RetireBatch batch, ulong from)
    {
        if (from == 0 && _backlog is { Strays.Count: > 0 } backlog)
            CollectStrays(batch, backlog);
        for (ulong sequence = Math.Max(from, _ring.Base); sequence < _ring.Next; sequence++)
        {
            if (batch.IsFull)
                return sequence;
            ref Entry entry = ref _ring[sequence];
            if (entry.IsLive)
                batch.TryAdd(sequence, entry);
        }

        return 0;
    }

    /// <summary>
    /// A run was written while the queue went on: marks what was settled meanwhile, and makes the run the place of
    /// the rest.
    /// </summary>
    internal void Install(Run run)
    {
        Backlog backlog = Behind;
        for (ulong sequence = run.First; sequence <= run.Last; sequence++)
        {
            if (run.IsSettled(sequence))
                continue;
            ref Entry entry = ref Find(sequence);
            if (Unsafe.IsNullRef(ref entry))
            {
                // Settled since it was copied; the bytes of its body were never counted here.
                run.Settle(sequence, 0);
                continue;
            }

            if (IsPurgedInstead(sequence, ref entry))
            {
                run.Settle(sequence, 0);
                continue;
            }

            run.LiveBytes += entry.BodyBytes;
            run.UnackedBytes += entry.IsUnacked ? entry.BodyBytes : 0;
            _store.Release(entry.Location);
            entry.Location = Location.InRun(run.Segment.Durable);
            if (sequence >= _ring.Base)
                _liveInRing--;
            else if (IsUnordered)
                ForgetStray(sequence, entry);
        }

        if (run.Live > 0)
            backlog.AddRun(run);
        TrimRing();
        if (_ring.Count > CompactAbove && _ring.Count > _liveInRing * 4)
            ShortenRing();
    }

    /// <summary>A run was copied to another segment while the queue went on: the copy takes its place.</summary>
    internal void Replace(Run old, Run copy)
    {
        for (ulong sequence = copy.First; sequence <= copy.Last; sequence++)
        {
            if (!copy.IsSettled(sequence) && old.IsSettled(sequence))
                copy.Settle(sequence, 0);
        }

        if (copy.Live != old.Live)
            throw new InvalidOperationException($"queue {Id}: {old.Live} live messages, {copy.Live} in the copy");
        copy.LiveBytes = old.LiveBytes;
        copy.UnackedBytes = old.UnackedBytes;
        _backlog!.RemoveRun(old);
        _backlog.AddRun(copy);
    }

    internal void RemoveRun(Run run) => _backlog!.RemoveRun(run);

    /// <summary>
    /// A message of a window could not be read. One that a consumer holds stays until that is done with it.
    /// </summary>
    internal void LoseFromWindow(ulong sequence, string path)
    {
        ref Entry entry = ref Find(sequence);
        if (!Unsafe.IsNullRef(ref entry) && !entry.IsUnacked && !IsDropped)
            LoseEntry(sequence, ref entry, path);
    }

    /// <summary>Whether much of a window is this queue's alone, so that it is worth a file of its own.</summary>
    internal bool DeservesOwnSegment(RetireBatch batch, long bytesMin)
    {
        long alone = 0, shared = 0;
        for (ulong sequence = _ring.Base; sequence < _ring.Next; sequence++)
        {
            ref Entry entry = ref _ring[sequence];
            if (!batch.Wants(entry.Location))
                continue;
            if (entry.IsShared)
                shared += MessageLayout.StoredBodyBytes(entry.BodyBytes);
            else
                alone += MessageLayout.StoredBodyBytes(entry.BodyBytes) + EntryOverheadBytes;
        }

        return alone >= bytesMin && alone >= shared;
    }

    /// <summary>Whether a window of this kind may hold something of this queue.</summary>
    internal bool IsInWindow(bool durable)
    {
        LocationKind kind = durable ? LocationKind.Journal : LocationKind.Volatile;
        if (_backlog is not null && _backlog.Strays.Values.Any(entry => entry.Location.Kind == kind))
            return true;
        for (ulong sequence = _ring.Base; sequence < _ring.Next; sequence++)
        {
            if (_ring[sequence].Location.Kind == kind)
                return true;
        }

        return false;
    }

    private static void CollectStrays(RetireBatch batch, Backlog backlog)
    {
        List<ulong>? sequences = null;
        foreach ((ulong sequence, Entry entry) in backlog.Strays)
        {
            if (batch.Wants(entry.Location))
                (sequences ??= []).Add(sequence);
        }

        if (sequences is null)
            return;
        sequences.Sort();
        foreach (ulong sequence in sequences)
            batch.TryAdd(sequence, backlog.Strays[sequence]);
    }

    /// <summary>Drops entries from the ring's front that it need not keep.</summary>
    private void TrimRing()
    {
        while (!_ring.IsEmpty)
        {
            ref Entry entry = ref _ring[_ring.Base];
            if (entry.IsLive)
            {
                if (entry.Location.Kind != LocationKind.Run)
                    return;
                LeaveBehind(_ring.Base, entry);
            }

            _ring.PopFront();
        }
    }

    /// <summary>
    /// Few messages in a window hold a long stretch of the ring, while others passed them or went to segments: they
    /// become strays, so that the ring stays as long as what it is for.
    /// </summary>
    private void ShortenRing()
    {
        // A retirement finds messages in the ring by sequence: they stay there until it is done.
        if (_store.Retiring > 0)
            return;
        while (!_ring.IsEmpty && _ring.Count > _liveInRing * 2)
        {
            ref Entry entry = ref _ring[_ring.Base];
            if (entry.IsLive)
                LeaveBehind(_ring.Base, entry);
            _ring.PopFront();
        }
    }

    private void LeaveBehind(ulong sequence, in Entry entry)
    {
        bool isReady = !entry.IsUnacked && (IsUnordered || sequence >= _cursor);
        bool isInRun = entry.Location.Kind == LocationKind.Run;
        if (isInRun && isReady && !entry.IsRedelivered && entry.DeliveryCount == 0)
            return;
        Behind.AddStray(sequence, entry);
        if (isInRun)
            return;
        _liveInRing--;
        if (isReady && sequence >= _cursor)
            Behind.Requeue(sequence);
    }

    private void DropBacklog(Backlog backlog)
    {
        foreach (Entry entry in backlog.Strays.Values)
        {
            if (entry.Location.IsInWindow)
                _store.Release(entry.Location);
        }

        DropRuns(backlog.Durable);
        DropRuns(backlog.Volatile);
        backlog.Close();
    }

    private void DropRuns(RunList runs)
    {
        while (runs.Count > 0)
        {
            Run run = runs[runs.Count - 1];
            int settled = run.SettleRange(run.First, run.Last);
            _store.Settled(run, settled);
        }
    }
}
