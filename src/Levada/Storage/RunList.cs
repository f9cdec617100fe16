using Levada.Accounting;

namespace Levada.Storage;

/// <summary>
/// A queue's runs of one kind, durable or volatile: by rising sequence, not overlapping. Owned by the turn.
/// </summary>
internal sealed class RunList
{
    private readonly List<Run> _runs = [];

    public int Count => _runs.Count;

    /// <summary>Memory of the runs.</summary>
    public long HeldBytes => ObjectSize.Room(_runs) + _runs.Sum(static run => run.HeldBytes);

    public Run this[int index] => _runs[index];

    /// <summary>Puts a run in its place.</summary>
    public void Add(Run run) => _runs.Insert(IndexAtOrAfter(run.First), run);

    public void Remove(Run run)
    {
        int index = IndexAtOrAfter(run.First);
        if (index >= _runs.Count || _runs[index] != run)
            throw new InvalidOperationException("the run is not in its queue's list");
        _runs.RemoveAt(index);
    }

    public void Clear() => _runs.Clear();

    /// <summary>The index of the first run that does not end before a sequence; the count if there is none.</summary>
    public int IndexAtOrAfter(ulong sequence)
    {
        int low = 0, high = _runs.Count;
        if (high == 0 || sequence <= _runs[0].Last)
            return 0;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_runs[middle].Last < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The run that holds a sequence; null if none does.</summary>
    public Run? Find(ulong sequence)
    {
        int index = IndexAtOrAfter(sequence);
        return index < _runs.Count && _runs[index].First <= sequence ? _runs[index] : null;
    }
}
