using Levada.Journal;
using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// Copies what is live in a full window to segments. A job that hops between the turn, where it lists messages and
/// installs runs in slices, and the disk threads, where it copies. Used once.
/// </summary>
internal sealed class Retirement(MessageStore store, Hop hop, CopyBuffers buffers, bool durable)
{
    private const int InstallMessagesMax = 10_000;
    private const int ReadBufferBytes = 256 << 10;

    /// <summary>The next message is worth reading with this one if it is so near in the file.</summary>
    private const long NearBytes = 64 << 10;

    private const int OverheadBytes = 1 << 10;

    private readonly FileScan _scan = buffers.Scan;
    private readonly RetireBatch _batch = buffers.Batch;
    private readonly SegmentFiles _files = new(store, buffers, durable);
    private readonly List<(QueueMessages Queue, ulong Sequence)> _unreadable = [];
    private Segment? _shared;
    private Segment? _target;

    /// <summary>Begins and ends on the turn; then every live message of the window is in a segment.</summary>
    /// <param name="file">The window if it is a journal file; null for the volatile blocks marked.</param>
    /// <exception cref="IOException">Nothing has changed; the files written so far are gone.</exception>
    public async Task CopyWindow(JournalFile? file)
    {
        _batch.Start(file, file is null ? store.Volatile : null);
        List<QueueMessages> queues = store.TakeListed(durable);
        store.Retiring++;
        try
        {
            ulong from = 0;
            for (int i = 0; i < queues.Count;)
            {
                from = Collect(queues, ref i, from);
                if (_batch.Messages.Count == 0)
                    continue;
                await hop.ToDisk();
                CopyBatch(file);
                await hop.ToTurn();
                _batch.Clear();
            }

            await hop.ToDisk();
            _files.Finish();
            await hop.ToTurn();
            await Install();
        }
        catch (IOException)
        {
            _files.DeleteAbandoned();
            await hop.ToTurn();
            _files.ReleaseAbandoned();
            throw;
        }
        finally
        {
            store.Retiring--;
            foreach (QueueMessages queue in queues)
                store.ListIfInWindow(queue, durable);
        }

        foreach ((QueueMessages queue, ulong sequence) in _unreadable)
            queue.LoseFromWindow(sequence, file!.Path);
    }

    private ulong Collect(List<QueueMessages> queues, ref int next, ulong from)
    {
        while (next < queues.Count && !_batch.IsFull)
        {
            QueueMessages queue = queues[next];
            if (from == 0)
            {
                _target = durable && queue.DeservesOwnSegment(_batch, store.Options.OwnSegmentBytes)
                    ? store.Segments.New(durable: true)
                    : _shared ??= _files.SharedSegment();
            }

            _batch.BeginQueue(queue, _target!);
            from = queue.IsDropped ? 0 : queue.CollectRetiring(_batch, from);
            if (from == 0)
                next++;
        }

        return from;
    }

    private void CopyBatch(JournalFile? file)
    {
        if (file is not null)
            _scan.Open(file.Handle);
        for (int slice = 0; slice < _batch.Queues.Count; slice++)
        {
            (QueueMessages queue, Segment target, int start) = _batch.Queues[slice];
            int end = _batch.EndOf(slice);
            if (start == end)
                continue;
            SegmentWriter writer = _files.WriterOf(target);
            writer.Begin(queue);
            for (int i = start; i < end; i++)
            {
                RetireBatch.LiveMessage live = _batch.Messages[i];
                long next = i + 1 < end ? _batch.Messages[i + 1].Offset : 0;
                ReadOnlySpan<byte> message = live.Block is { } block
                    ? VolatileWindow.MessageAt(block, (int)live.Offset)
                    : ReadRecord(file!, live, next);
                if (message.IsEmpty)
                {
                    _unreadable.Add((queue, live.Sequence));
                    continue;
                }

                object source = live.Block ?? (object)file!;
                bool once = live.IsShared && target == _shared;
                writer.Append(live.Sequence, message, once ? (source, live.Offset) : null, splitAtGaps: true);
            }
        }
    }

    /// <summary>
    /// The message of a record in the journal; empty if the disk does not give back what was written.
    /// </summary>
    private ReadOnlySpan<byte> ReadRecord(JournalFile file, in RetireBatch.LiveMessage live, long nextOffset)
    {
        long distance = nextOffset - live.Offset;
        int readBytes = distance is > 0 and < NearBytes
            ? ReadBufferBytes
            : MessageLayout.StoredBodyBytes(live.BodyBytes) + OverheadBytes;
        int length = RecordFormat.Length(_scan.Read(live.Offset, RecordFormat.HeaderBytes, readBytes));
        if (length == 0 || length > file.End - live.Offset)
            return default;
        ReadOnlySpan<byte> record = _scan.Read(live.Offset, length, readBytes);
        return record.Length == length && RecordFormat.IsWhole(record) ? RecordFormat.Message(record) : default;
    }

    private async Task Install()
    {
        int installed = 0;
        foreach (Run run in _files.Runs.ToList())
        {
            if (installed > InstallMessagesMax)
            {
                installed = 0;
                await hop.ToTurn();
            }

            installed += run.Count;
            run.Segment.Count += run.Count;
            store.Counters.AddRetired(run.Count);
            if (run.Queue.IsDropped)
                continue;
            run.Queue.Install(run);
            run.Segment.Live += run.Live;
        }

        _files.Release();
    }
}
