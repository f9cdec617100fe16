using System.Runtime.CompilerServices;

namespace Levada.Storage;

// A purge, piece by piece: in between the queue goes on, so consumers may still get some of what is to go.
public sealed partial class QueueMessages
{
    /// <summary>What settling a run in one go counts as, in messages.</summary>
    private const int RunWork = 100;

    /// <summary>The same of a message that was given back: it is looked up here and there.</summary>
    private const int RequeuedWork = 5;

    // Null while there is none.
    private Purging? _purging;

    /// <summary>A purge is under way: another one must wait.</summary>
    internal bool IsPurging => _purging is not null;

    /// <summary>All that is ready now is to go. Follow with <see cref="Purge"/>.</summary>
    internal void BeginPurge() => _purging = new Purging(NextSequence);

    /// <summary>Removes a piece of what is to go; unacked messages stay.</summary>
    /// <param name="work">About so many messages.</param>
    /// <returns>How many have gone altogether, when all have; else null.</returns>
    internal long? Purge(int work)
    {
        Purging purging = _purging!;
        purging.Work = work;
        _peeked = 0;
        PurgeRing(purging);
        if (_backlog is { } backlog)
        {
            PurgeRequeued(purging, backlog);
            PurgeRuns(purging, backlog.Durable, durable: true);
            PurgeRuns(purging, backlog.Volatile, durable: false);
        }

        TrimRing();
        if (purging.Work <= 0)
            return null;
        _purging = null;
        return purging.Count;
    }

    // Before the runs: what of it is in a run as well is counted here, by its own length.
    private void PurgeRing(Purging purging)
    {
        ulong next = Math.Max(purging.NextInRing, Math.Max(_cursor, _ring.Base));
        for (ulong end = Math.Min(purging.End, _ring.Next); next < end && purging.Work > 0; next++, purging.Work--)
        {
            ref Entry entry = ref _ring[next];
            if (entry.IsLive && !entry.IsUnacked)
                PurgeEntry(purging, next, ref entry);
        }

        purging.NextInRing = next;
        TrimRing();
    }

    private void PurgeRequeued(Purging purging, Backlog backlog)
    {
        while (purging.Work > 0 && TryPeekRequeued(backlog, out ulong sequence) && sequence < purging.End)
        {
            backlog.DequeueRequeued();
            PurgeEntry(purging, sequence, ref Find(sequence));
            purging.Work -= RequeuedWork;
        }
    }

    /// <summary>
    /// A message that a retirement has copied, and that is still in the ring and to go: it goes now. So no run that is
    /// made meanwhile has any that is to go.
    /// </summary>
    private bool IsPurgedInstead(ulong sequence, ref Entry entry)
    {
        if (_purging is not { } purging || sequence >= purging.End || sequence < _ring.Base || sequence < _cursor
            || entry.IsUnacked)
            return false;
        PurgeEntry(purging, sequence, ref entry);
        return true;
    }

    private void PurgeEntry(Purging purging, ulong sequence, ref Entry entry)
    {
        purging.Count++;
        Ready--;
        ReadyBytes -= entry.BodyBytes;
        if (sequence < _ring.Base)
            Remove(sequence, ref entry);
        else
            RemoveFromRing(sequence, ref entry);
    }

    private void PurgeRuns(Purging purging, RunList runs, bool durable)
    {
        ref ulong next = ref purging.NextInRuns[durable ? 1 : 0];
        next = Math.Max(next, _cursor);
        for (int i = runs.IndexAtOrAfter(next); purging.Work > 0 && i < runs.Count && runs[i].First < purging.End;)
        {
            Run run = runs[i];
            // One that goes beyond the end was made since.
            if (run.Last < purging.End)
                PurgeRun(purging, run);
            purging.Work -= RunWork;
            next = run.Last + 1;
            if (i < runs.Count && runs[i] == run)
                i++;
        }
    }

    private void PurgeRun(Purging purging, Run run)
    {
        ulong first = Math.Max(_cursor, run.First);
        ulong last = Math.Min(run.Last, _ring.Base - 1);
        List<ulong> stay = PurgeStrays(purging, run, first, last);
        stay.Add(last + 1);
        long bytes = run.LiveBytes - run.UnackedBytes;
        int settled = 0;
        foreach (ulong stays in stay)
        {
            int count = first < stays ? run.SettleRange(first, stays - 1) : 0;
            if (count > 0)
            {
                // The first range has the bytes of all of them.
                NoteRunSettled(run, first, stays - 1, settled == 0 ? bytes : 0);
                settled += count;
            }

            first = stays + 1;
        }

        purging.Work -= _bodies?.Count ?? 0;
        if (settled == 0)
            return;
        purging.Count += settled;
        run.LiveBytes -= bytes;
        Ready -= settled;
        ReadyBytes -= bytes;
        _store.Settled(run, settled);
    }

    private void NoteRunSettled(Run run, ulong first, ulong last, long bytes)
    {
        LetGoOfBodies(first, last);
        if (run.Segment.Durable)
            NoteRangeSettled(first, last, bytes);
    }

    /// <summary>Removes ready messages of a run of which more is known than that they are in there.</summary>
    /// <returns>Those that are held, in order.</returns>
    private List<ulong> PurgeStrays(Purging purging, Run run, ulong first, ulong last)
    {
        List<ulong> held = [];
        if (first > _backlog!.StraysTo)
            return held;
        purging.Work -= _backlog.Strays.Count;
        Location here = Location.InRun(run.Segment.Durable);
        foreach ((ulong sequence, Entry stray) in _backlog.Strays)
        {
            if (sequence < first || sequence > last || stray.Location != here)
                continue;
            if (stray.IsUnacked)
                held.Add(sequence);
            else
                PurgeEntry(purging, sequence, ref Find(sequence));
        }

        held.Sort();
        return held;
    }
}
