using Levada.Accounting;

namespace Levada.Counting;

/// <summary>
/// Counters by what is counted with: an entry for each from its first message on. Those of what is deleted make room
/// for others. Owner: who has it.
/// </summary>
/// <param name="isGone">Tells what is deleted.</param>
internal sealed class PairTable<TKey, TCounts>(Predicate<TKey> isGone)
    where TKey : notnull
    where TCounts : class
{
    // So few are found by looking at each.
    private const int FewMax = 8;

    // Of a full table this part is looked at for each message that finds no place in it.
    private const int MissesPerSweep = 16;

    private (TKey Key, TCounts Counts)[] _pairs = [];
    private Dictionary<TKey, TCounts>? _index;

    private int _missesUntilSweep;

    public int Count { get; private set; }

    /// <summary>In no order; what is deleted may be among them.</summary>
    public ReadOnlySpan<(TKey Key, TCounts Counts)> All => _pairs.AsSpan(0, Count);

    /// <summary>Its memory, without that of an entry's counters.</summary>
    public long HeldBytes => ObjectSize.Array<(TKey, TCounts)>(_pairs.Length) + ObjectSize.Room(_index);

    public TCounts? Find(TKey key)
    {
        if (_index is not null)
            return _index.GetValueOrDefault(key);
        foreach (ref readonly var pair in All)
        {
            if (EqualityComparer<TKey>.Default.Equals(pair.Key, key))
                return pair.Counts;
        }
        return null;
    }

    /// <summary>False if there are as many as there may be. The key is not in it.</summary>
    public bool TryAdd(TKey key, Func<TKey, TCounts> make, int max, out TCounts counts)
    {
        counts = null!;
        if (!HasRoom(max))
            return false;
        if (Count == _pairs.Length && (Count < FewMax || Sweep() < Count / 4))
            Array.Resize(ref _pairs, Math.Max(1, _pairs.Length * 2));
        counts = make(key);
        _pairs[Count++] = (key, counts);
        if (_index is not null)
            _index.Add(key, counts);
        else if (Count > FewMax)
            Index();
        return true;
    }

    public void Clear()
    {
        _pairs = [];
        _index = null;
        Count = 0;
    }

    private bool HasRoom(int max)
    {
        if (Count < max)
            return true;
        if (--_missesUntilSweep > 0)
            return false;
        _missesUntilSweep = Sweep() > max / 4 ? 0 : max / MissesPerSweep;
        return Count < max;
    }

    // Takes out what is deleted, and says how many that were.
    private int Sweep()
    {
        var kept = 0;
        foreach (var pair in All)
        {
            if (!isGone(pair.Key))
                _pairs[kept++] = pair;
        }
        var gone = Count - kept;
        if (gone == 0)
            return 0;
        Array.Clear(_pairs, kept, gone);
        Count = kept;
        if (_index is not null)
            Index();
        return gone;
    }

    private void Index()
    {
        _index = null;
        if (Count <= FewMax)
            return;
        _index = new Dictionary<TKey, TCounts>(_pairs.Length);
        foreach (var (key, counts) in All)
            _index.Add(key, counts);
    }
}
