using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// The segments that one job writes. Durable ones are new files, finished and synced together; a volatile job goes on
/// with the shard's last unlinked file until that is full. A member runs where its job stands when it calls.
/// </summary>
internal sealed class SegmentFiles(MessageStore store, CopyBuffers buffers, bool durable)
{
    private readonly List<SegmentWriter> _writers = [];
    private SegmentWriter? _active;

    /// <summary>The runs written. After <see cref="Finish"/>.</summary>
    public IEnumerable<Run> Runs => _writers.SelectMany(writer => writer.Runs);

    /// <summary>The segment for all queues that get none of their own. On the turn.</summary>
    public Segment SharedSegment() => durable
        ? store.Segments.New(durable: true)
        : store.VolatileWriter?.Segment ?? store.Segments.New(durable: false);

    /// <summary>
    /// The writer of a segment; its file is made with it. Only one writer has a run that is not complete: who asks for
    /// another one is done with that. On a disk thread.
    /// </summary>
    public SegmentWriter WriterOf(Segment segment)
    {
        if (_active?.Segment == segment)
            return _active;
        _active?.EndRun();
        return _active = FindOrMake(segment);
    }

    private SegmentWriter FindOrMake(Segment segment)
    {
        for (int i = _writers.Count - 1; i >= 0; i--)
        {
            if (_writers[i].Segment == segment)
                return _writers[i];
        }

        SegmentWriter writer;
        if (!durable && store.VolatileWriter is { } last && last.Segment == segment)
        {
            writer = last;
        }
        else
        {
            store.Folder.Ensure();
            IDiskFile file = store.Folder.Disk.Open(
                segment.Path, durable ? DiskOpenMode.Create : DiskOpenMode.Unlinked);
            if (!durable)
                segment.Attach(file);
            writer = new SegmentWriter(segment, file, store.Options, buffers, store.Id.Value);
        }

        _writers.Add(writer);
        return writer;
    }

    /// <summary>Everything is written and, if durable, on the disk under its name. On a disk thread.</summary>
    public void Finish()
    {
        _active?.EndRun();
        _active = null;
        foreach (SegmentWriter writer in _writers)
        {
            if (!durable)
            {
                writer.Flush();
                continue;
            }

            writer.Finish();
            writer.Dispose();
        }

        if (durable && _writers.Count > 0)
            store.Folder.Disk.SyncFolder(store.Folder.Path);
    }

    /// <summary>After an error: nothing of this is used. On a disk thread, followed by the other half.</summary>
    public void DeleteAbandoned()
    {
        _active?.DiscardRun();
        if (!durable)
            return;
        foreach (SegmentWriter writer in _writers)
        {
            writer.Dispose();
            store.Folder.Disk.Delete(writer.Segment.Path);
        }
    }

    /// <summary>The half on the turn: a volatile file that others use too is given up when they are done.</summary>
    public void ReleaseAbandoned()
    {
        if (durable)
            return;
        store.VolatileWriter = null;
        foreach (SegmentWriter writer in _writers)
        {
            store.Segments.Add(writer.Segment);
            writer.Segment.IsHeld = false;
            store.Segments.GiveUpIfPossible(writer.Segment, 0);
        }
    }

    /// <summary>The runs are installed: from now on their counts decide about the segments. On the turn.</summary>
    public void Release()
    {
        foreach (SegmentWriter writer in _writers)
        {
            Segment segment = writer.Segment;
            store.Segments.Add(segment);
            writer.Runs.Clear();
            bool goesOn = !durable && segment.Length < store.Options.VolatileSegmentBytes;
            store.VolatileWriter = durable ? store.VolatileWriter : goesOn ? writer : null;
            segment.IsHeld = goesOn;
            store.Segments.GiveUpIfPossible(segment, store.LastIndex);
        }
    }
}
