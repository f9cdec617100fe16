namespace Levada.Exchanges;

/// <summary>
/// The algorithm <c>jump</c>: jump consistent hashing (Lamping and Veach, 2014) over as many buckets as the weights
/// add up to. Queues have their buckets in the order in which they were declared, so a new queue takes from all others
/// and nothing else moves.
/// </summary>
internal sealed class JumpShares : HashShares
{
    private readonly Binding[] _bindings;

    // The bucket behind the last one of each binding.
    private readonly long[] _ends;

    public JumpShares(List<HashShare> shares)
    {
        _bindings = [.. shares.Select(share => share.Binding)];
        _ends = new long[shares.Count];
        var end = 0L;
        for (var i = 0; i < shares.Count; i++)
            _ends[i] = end += shares[i].Weight;
    }

    public override Binding Choose(ulong hash)
    {
        var found = Array.BinarySearch(_ends, Bucket(hash, _ends[^1]));
        // A bucket that is an end belongs to the binding behind it.
        return _bindings[found >= 0 ? found + 1 : ~found];
    }

    private static long Bucket(ulong hash, long buckets)
    {
        var bucket = 0L;
        var next = 0.0;
        while (next < buckets)
        {
            bucket = (long)next;
            hash = unchecked((hash * 2862933555777941757) + 1);
            next = (bucket + 1) * ((double)(1L << 31) / ((hash >> 33) + 1));
        }

        return bucket;
    }
}
