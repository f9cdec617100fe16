using Levada.Journal;
using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// Writes checkpoints: what a start must know of the messages that are not in the journal any more. A job that hops
/// between the turn, which says what is so in slices, and a disk thread; or, at a clean stop, all at once.
/// </summary>
internal sealed class Checkpointing(MessageStore store, CheckpointFile file)
{
    private const int SliceBytes = 1 << 20;
    private const int SliceQueues = 2_000;

    private readonly CheckpointBuffer _buffer = new();

    /// <summary>The number of the last one written, by this run or an earlier one.</summary>
    public long LastNumber { get; set; }

    /// <summary>
    /// Begins and ends on the turn. When it ends, a start does not read the journal files before the first one that is
    /// still needed.
    /// </summary>
    /// <returns>The number of that file.</returns>
    public async Task<long> Write(Hop hop)
    {
        (long replayFile, long replayIndex) = store.ReplayStart();
        List<QueueMessages> queues = store.DurableQueues();
        long number = LastNumber + 1;
        int written = 0;
        bool begun = false;
        try
        {
            for (int next = 0; next < queues.Count || !begun;)
            {
                written += Capture(queues, ref next);
                await hop.ToDisk();
                if (!begun)
                    file.Begin(number);
                begun = true;
                file.Append(_buffer.Written);
                await hop.ToTurn();
            }

            CaptureArrivals();
            await hop.ToDisk();
            file.Append(_buffer.Written);
            await hop.ToTurn();

            // A checkpoint must not know more than the journal.
            long index = store.LastIndex;
            await store.Durable(index);
            CheckpointHeader header = Header(number, written, replayFile, replayIndex, clean: false) with
            {
                DurableIndex = index,
            };
            await hop.ToDisk();
            file.End(header);
            await hop.ToTurn();
        }
        catch (IOException)
        {
            file.Close();
            await hop.ToTurn();
            throw;
        }

        LastNumber = number;
        store.Counters.AddCheckpoint();
        return replayFile;
    }

    /// <summary>All at once, on this thread, after the last turn and with the journal on the disk.</summary>
    public void WriteClean()
    {
        (long replayFile, long replayIndex) = store.ReplayStart();
        List<QueueMessages> queues = store.DurableQueues();
        int written = 0;
        LastNumber++;
        file.Begin(LastNumber);
        for (int next = 0; next < queues.Count;)
        {
            written += Capture(queues, ref next, clean: true);
            file.Append(_buffer.Written);
        }

        CaptureArrivals();
        file.Append(_buffer.Written);

        file.End(Header(LastNumber, written, replayFile, replayIndex, clean: true));
    }

    private int Capture(List<QueueMessages> queues, ref int next, bool clean = false)
    {
        // What was settled but is not in the journal yet would be settled twice by a replay.
        if (!clean)
            store.Records.WriteSettled();
        _buffer.Clear();
        int written = 0;
        while (next < queues.Count && written < SliceQueues && _buffer.Length < SliceBytes)
        {
            QueueMessages queue = queues[next++];
            if (queue.IsDropped || (queue.NextSequence == 1 && !queue.HasExpiring))
                continue;
            queue.WriteCheckpoint(_buffer, store.LastIndex, clean);
            written++;
        }

        return written;
    }

    private void CaptureArrivals()
    {
        _buffer.Clear();
        store.Arrivals.Write(_buffer);
    }

    private CheckpointHeader Header(long number, int queues, long replayFile, long replayIndex, bool clean) => new(
        store.Id.Value, store.Options.Epoch, number, clean, queues, file.ContentBytes, file.ContentCrc,
        replayFile, replayIndex, store.DurableIndex, store.Segments.NextNumber);
}
