namespace Levada.Accounting;

/// <summary>
/// Memory of connections and channels that have gone since the last full collection: it is still in the heap. Safe from
/// any thread; added to when one goes, never on the way of a message.
/// </summary>
internal sealed class Departed
{
    private long _bytes;
    private int _collection;

    public long Bytes => Volatile.Read(ref _collection) == Collection ? Interlocked.Read(ref _bytes) : 0;

    private static int Collection => GC.CollectionCount(GC.MaxGeneration);

    public void Add(long bytes)
    {
        var collection = Collection;
        if (Interlocked.Exchange(ref _collection, collection) != collection)
            Interlocked.Exchange(ref _bytes, 0);
        Interlocked.Add(ref _bytes, bytes);
    }
}
