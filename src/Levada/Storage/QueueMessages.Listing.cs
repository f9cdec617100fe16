using System.Runtime.CompilerServices;

namespace Levada.Storage;

// Which messages are ready, in the order in which Peek would show them; and looking at one of them, wherever it stands.
public sealed partial class QueueMessages
{
    /// <summary>
    /// Adds the sequences of ready messages to a list. Counting to the first one goes by bitmaps, not by messages.
    /// </summary>
    /// <param name="skip">So many of them are left out first.</param>
    /// <param name="most">How long the list may become.</param>
    /// <param name="to">The list.</param>
    internal void ListReady(long skip, int most, List<ulong> to)
    {
        if (skip >= Ready || IsUnordered)
            return;
        ulong[] requeued = RequeuedInOrder();
        ListReady(Select(skip, requeued), requeued, most, to);
    }

    /// <summary>The same from a sequence on.</summary>
    internal void ListReadyFrom(ulong sequence, int most, List<ulong> to) =>
        ListReady(sequence, RequeuedInOrder(), most, to);

    private void ListReady(ulong from, ulong[] requeued, int most, List<ulong> to)
    {
        while (to.Count < most && (from = NextReady(from, requeued)) < NextSequence)
            to.Add(from++);
    }

    /// <summary>Shows a ready message without taking it; what Peek reads ahead is left alone.</summary>
    /// <returns>Empty if it is not ready any more.</returns>
    internal PeekResult LookAt(ulong sequence, out MessageView message)
    {
        message = default;
        ref Entry entry = ref Find(sequence);
        if (!Unsafe.IsNullRef(ref entry) && entry.IsUnacked)
            return PeekResult.Empty;
        _readsHeld = true;
        PeekResult result = PeekAt(sequence, out message);
        _readsHeld = false;
        _peeked = 0;
        return result;
    }

    /// <summary>Ready messages that the cursor does not come by.</summary>
    private ulong[] RequeuedInOrder() => _backlog is null
        ? []
        : [.. _backlog.Requeued.Where(IsRequeued).Distinct().Order()];

    private bool IsRequeued(ulong sequence)
    {
        ref Entry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || entry.IsUnacked)
            return false;
        return sequence < _cursor || (sequence < _ring.Base && entry.Location.Kind != LocationKind.Run);
    }

    /// <summary>The sequence of the ready message that so many stand before.</summary>
    private ulong Select(long before, ulong[] requeued)
    {
        ulong low = requeued.Length > 0 ? Math.Min(requeued[0], _cursor) : _cursor;
        ulong high = NextSequence - 1;
        while (low < high)
        {
            ulong middle = low + (high - low) / 2;
            long count = CountReady(low, middle, requeued);
            if (before < count)
            {
                high = middle;
            }
            else
            {
                before -= count;
                low = middle + 1;
            }
        }

        return low;
    }

    private long CountReady(ulong first, ulong last, ulong[] requeued)
    {
        long count = LowerBound(requeued, last + 1) - LowerBound(requeued, first);
        ulong from = Math.Max(first, _cursor);
        if (_backlog is { } backlog && from < _ring.Base)
        {
            ulong to = Math.Min(last, _ring.Base - 1);
            count += CountIn(backlog.Durable, from, to) + CountIn(backlog.Volatile, from, to);
            count -= HeldAheadIn(from, to).Count;
        }

        ulong end = Math.Min(last + 1, _ring.Next);
        for (ulong sequence = Math.Max(from, _ring.Base); sequence < end; sequence++)
        {
            if (_ring[sequence].IsLive && !IsHeldAhead(sequence, _ring[sequence]))
                count++;
        }

        return count;
    }

    private static long CountIn(RunList runs, ulong first, ulong last)
    {
        long count = 0;
        for (int i = runs.IndexAtOrAfter(first); i < runs.Count && runs[i].First <= last; i++)
            count += runs[i].CountLive(Math.Max(first, runs[i].First), last);
        return count;
    }

    /// <summary>The first ready one from a sequence on; the next sequence if there is none.</summary>
    private ulong NextReady(ulong from, ulong[] requeued)
    {
        int index = LowerBound(requeued, from);
        ulong next = index < requeued.Length ? requeued[index] : NextSequence;
        from = Math.Max(from, _cursor);
        if (_backlog is { } backlog && from < _ring.Base)
            next = Math.Min(next, Math.Min(FirstIn(backlog.Durable, from), FirstIn(backlog.Volatile, from)));
        ulong inRing = Math.Max(from, _ring.Base);
        while (inRing < next && (!_ring[inRing].IsLive || IsHeldAhead(inRing, _ring[inRing])))
            inRing++;
        return Math.Min(next, inRing);
    }

    private ulong FirstIn(RunList runs, ulong from)
    {
        for (int i = runs.IndexAtOrAfter(from); i < runs.Count && runs[i].First < _ring.Base; i++)
        {
            Run run = runs[i];
            ulong end = Math.Min(run.Last + 1, _ring.Base);
            for (ulong sequence = Math.Max(from, Math.Max(run.First, run.SettledBelow)); sequence < end; sequence++)
            {
                if (!run.IsSettled(sequence) && !IsHeldAhead(sequence))
                    return sequence;
            }
        }

        return NextSequence;
    }

    /// <summary>How many are below a sequence.</summary>
    private static int LowerBound(ulong[] sorted, ulong sequence)
    {
        int index = Array.BinarySearch(sorted, sequence);
        return index < 0 ? ~index : index;
    }
}
