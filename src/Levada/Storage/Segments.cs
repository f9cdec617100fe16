using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// The segments of a shard: gives new ones their numbers, counts what is live in each, deletes those that hold nothing
/// any more and names those that hold little. Owned by the turn.
/// </summary>
internal sealed class Segments(StoreOptions options, ShardFolder folder)
{
    private readonly List<(Segment Segment, long Index)> _emptied = [];
    private readonly List<(Segment Segment, long UnixMs)> _sparseDurable = [];
    private readonly List<(Segment Segment, long UnixMs)> _sparseVolatile = [];

    public long NextNumber { get; set; } = 1;

    public HashSet<Segment> All { get; } = [];

    /// <summary>The time of the turn.</summary>
    public long UnixMs { get; set; }

    /// <summary>Whether there are files that may be deleted now.</summary>
    public bool HasDeletable(long durableIndex)
    {
        foreach ((Segment segment, long index) in _emptied)
        {
            if (IsDeletable(segment, index, durableIndex))
                return true;
        }

        return false;
    }

    /// <summary>A segment to be written; its file is made by whoever writes it, on a disk thread.</summary>
    public Segment New(bool durable)
    {
        long number = NextNumber++;
        string path = folder.PathOf(durable ? Segment.NameOf(number) : Segment.VolatileNameOf(number));
        return new Segment(folder.Disk, number, path, durable, null) { IsHeld = true };
    }

    public void Add(Segment segment) => All.Add(segment);

    /// <summary>Messages of a run were settled.</summary>
    /// <param name="run">The run; it leaves its queue if nothing in it is live any more.</param>
    /// <param name="count">How many.</param>
    /// <param name="lastIndex">The settles are durable once this index is.</param>
    public void Settled(Run run, int count, long lastIndex)
    {
        Segment segment = run.Segment;
        segment.Live -= count;
        if (run.Live == 0)
            run.Queue.RemoveRun(run);
        GiveUpIfPossible(segment, lastIndex);
    }

    /// <summary>Deletes a segment that holds nothing, or remembers one that holds little.</summary>
    public void GiveUpIfPossible(Segment segment, long lastIndex)
    {
        if (segment.IsHeld)
            return;
        if (segment.Live == 0)
        {
            if (All.Remove(segment))
                _emptied.Add((segment, lastIndex));
        }
        else if (!segment.IsListed && segment.Live < segment.Count / 4)
        {
            segment.IsListed = true;
            Sparse(segment.Durable).Add((segment, UnixMs));
        }
    }

    /// <summary>Takes the files that may be deleted now: what emptied them is durable, and nobody reads them.</summary>
    public List<Segment>? TakeDeletable(long durableIndex)
    {
        List<Segment>? deletable = null;
        for (int i = _emptied.Count - 1; i >= 0; i--)
        {
            (Segment segment, long index) = _emptied[i];
            if (!IsDeletable(segment, index, durableIndex))
                continue;
            (deletable ??= []).Add(segment);
            _emptied.RemoveAt(i);
        }

        return deletable;
    }

    /// <summary>Treats a durable segment like one that holds little, and has for long.</summary>
    public void TakeForSparse(long number)
    {
        foreach (Segment segment in All)
        {
            if (segment.Number != number || !segment.Durable || segment.Live == 0)
                continue;
            _sparseDurable.RemoveAll(listed => listed.Segment == segment);
            segment.IsListed = true;
            _sparseDurable.Insert(0, (segment, UnixMs - (long)options.StragglerDelay.TotalMilliseconds));
        }
    }

    /// <summary>Whether there are segments whose few messages have stayed for long.</summary>
    public bool HasSparse(bool durable) => Sparse(durable) is [(_, long since), ..] && HasStayed(since);

    /// <summary>Takes the segments whose few messages have stayed for long: they are copied forward.</summary>
    public List<Segment> TakeSparse(bool durable)
    {
        List<(Segment Segment, long UnixMs)> sparse = Sparse(durable);
        int ripe = 0;
        while (ripe < sparse.Count && HasStayed(sparse[ripe].UnixMs))
            ripe++;
        var taken = sparse.Take(ripe).Select(item => item.Segment).Where(segment => segment.Live > 0).ToList();
        sparse.RemoveRange(0, ripe);
        return taken;
    }

    private static bool IsDeletable(Segment segment, long index, long durableIndex) =>
        segment.Readers == 0 && (!segment.Durable || index <= durableIndex);

    private List<(Segment Segment, long UnixMs)> Sparse(bool durable) => durable ? _sparseDurable : _sparseVolatile;

    private bool HasStayed(long sinceUnixMs) => UnixMs - sinceUnixMs >= options.StragglerDelay.TotalMilliseconds;
}
