using System.Diagnostics;

namespace Levada.Accounting;

/// <summary>
/// Closes the account: what the broker's parts hold of the collector's heap, what the collector says of the rest of it,
/// and what is mapped beside it.
/// </summary>
internal sealed class HeapAccount
{
    // The collector's generations, by their index: large objects, pinned objects.
    private const int LargeObjects = 3;
    private const int PinnedObjects = 4;

    private readonly List<(string Name, long Bytes, long InLargeArrays)> _held;

    /// <param name="clients">Of all connections.</param>
    /// <param name="shards">Of all shards.</param>
    /// <param name="batches">The pool of batches of publishes, and how much of it lies in large arrays.</param>
    /// <param name="catalog">Definitions.</param>
    /// <param name="history">What is remembered for people to look at.</param>
    public HeapAccount(
        ClientMemory clients, ShardMemory shards, (long Bytes, long InLargeArrays) batches, long catalog, long history)
    {
        _held =
        [
            ("connection_readers", clients.Readers, clients.LargeReaders),
            ("connection_writers", clients.Writers, clients.LargeWriters),
            ("connection_channels", clients.Channels, clients.LargeChannels),
            ("connection_consumers", clients.Consumers, 0),
            ("connection_other", clients.Other, 0),
            ("publish_batches", batches.Bytes + clients.Posted, batches.InLargeArrays),
            ("queue_procs", shards.Queues, 0),
            ("msg_index", shards.Index, 0),
            ("journal", shards.Journal, shards.Journal),
            ("binary", shards.Messages, shards.Messages),
            ("metadata_store", catalog, 0),
            ("metrics", history, 0),
        ];
    }

    public MemoryBreakdown Close(long started, Departed departed)
    {
        var collector = GC.GetGCMemoryInfo(GCKind.Any);
        var inUse = GC.GetTotalMemory(forceFullCollection: false);
        var maps = ProcessMaps.Read();
        var pinned = InUse(collector, PinnedObjects);

        // Buffers that nobody has rented, or dead ones: only large ones can be told from other objects.
        var inLarge = _held.Sum(static part => part.InLargeArrays);
        var pooled = Math.Max(0, InUse(collector, LargeObjects) - inLarge);
        _held.Add(("buffer_pools", pooled, pooled));
        var rest = inUse - pinned - _held.Sum(static part => part.Bytes);
        var uncollected = Math.Clamp(
            inUse - AfterFullCollection() + departed.Bytes, 0, Math.Max(0, rest));

        // What of a large buffer was never written to is not in memory: they count by the share of them that is.
        var untouched = Math.Clamp((inUse - maps.Heap) / (double)Math.Max(1, inLarge + pooled), 0, 1);
        List<MemoryLine> lines =
        [
            .. _held.Select(part => new MemoryLine(part.Name, part.Bytes - (long)(part.InLargeArrays * untouched))),
            new("pinned_objects", pinned),
            new("gc_uncollected", uncollected),
            new("allocated_unused", Math.Max(0, maps.Heap - inUse)),
            new("code", maps.Images),
            new("jit_code_and_types", maps.Code),
            new("native_heap", maps.NativeHeap),
            new("thread_stacks", maps.Stacks),
            new("other_system", maps.Other),
        ];
        return new MemoryBreakdown(
            lines, maps.Total - lines.Sum(static line => line.Bytes), maps.Total, Stopwatch.GetElapsedTime(started));
    }

    private static long InUse(GCMemoryInfo collector, int generation)
    {
        var info = collector.GenerationInfo[generation];
        return info.SizeAfterBytes - info.FragmentationAfterBytes;
    }

    // What has been allocated since the last full collection, and is in no line, is mostly dead.
    private static long AfterFullCollection()
    {
        var full = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return full.HeapSizeBytes - full.FragmentedBytes;
    }
}
