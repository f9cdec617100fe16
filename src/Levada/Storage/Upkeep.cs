using Levada.Journal;
using Levada.Platform;
using Microsoft.Extensions.Logging;

namespace Levada.Storage;

/// <summary>
/// Sees at the end of each turn what there is to do in the background, and does it: retire windows, write checkpoints,
/// recycle and prepare journal files, copy old segments forward, delete empty ones. Owned by the turn; at most one job
/// of each sort at a time.
/// </summary>
internal sealed partial class Upkeep(
    MessageStore store, JournalAppender appender, Checkpointing checkpoints, ILogger logger)
{
    private const int ZeroBytes = 1 << 20;
    private static readonly TimeSpan ReaderDelay = TimeSpan.FromMilliseconds(10);

    private readonly List<Segment> _replaced = [];
    private readonly CopyBuffers _durableBuffers = new();
    private readonly CopyBuffers _volatileBuffers = new();
    private bool _durableRuns;
    private bool _volatileRuns;
    private bool _deletionRuns;
    private bool _preparationRuns;

    /// <summary>A volatile window is being retired.</summary>
    public bool IsVolatileRunning => _volatileRuns;

    /// <summary>
    /// Set after a start that found the journal in use: a checkpoint is due although no file is full.
    /// </summary>
    public bool IsCheckpointDue { get; set; }

    /// <summary>
    /// Nothing is done in the background and nothing is due: what a start found in the journal is in segments.
    /// </summary>
    public bool IsAtRest => !_durableRuns && !_volatileRuns && !_deletionRuns && !_preparationRuns && !IsCheckpointDue
        && NextSealed() is null && !store.Segments.HasSparse(durable: true)
        && !store.Segments.HasDeletable(store.DurableIndex);

    public void EndTurn()
    {
        if (store.Options.WithoutUpkeep)
            return;
        if (!_durableRuns && (IsCheckpointDue || NextSealed() is not null || store.Segments.HasSparse(durable: true)))
        {
            _durableRuns = true;
            Run(RetireDurable);
        }

        if (!_volatileRuns && (store.WantsVolatileRetired || store.Segments.HasSparse(durable: false)))
        {
            _volatileRuns = true;
            Run(RetireVolatile);
        }

        if (!_deletionRuns && store.Segments.HasDeletable(store.DurableIndex))
        {
            _deletionRuns = true;
            Run(DeleteSegments);
        }

        if (!_preparationRuns && appender.WantsSpare)
        {
            // From here on, not from when it begins: recycling a file would prepare another one of the same name.
            _preparationRuns = true;
            Run(hop => Prepare(hop, null));
        }
    }

    /// <summary>
    /// Jobs handle what they expect; anything else means that the store is not what it believes to be.
    /// </summary>
    private async void Run(Func<Hop, Task> job)
    {
        try
        {
            Hop hop = store.NewHop();
            await hop.ToTurn();
            await job(hop);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            store.Options.Fatal($"Shard {store.Id}: background work in {store.Folder.Path} failed.", e);
        }
    }

    /// <summary>The oldest full journal file that is not copied yet.</summary>
    private JournalFile? NextSealed() => store.Journal.NextToCopy(appender.Current);

    private async Task RetireDurable(Hop hop)
    {
        while (!await TryRetire(hop, DiskNeed.Segment, RetireDurableOnce))
            await hop.ToTurnAfter(store.Options.DiskRetryDelay);
        _durableRuns = false;
    }

    private async Task RetireVolatile(Hop hop)
    {
        while (!await TryRetire(hop, DiskNeed.VolatileSegment, RetireVolatileOnce))
            await hop.ToTurnAfter(store.Options.DiskRetryDelay);
        _volatileRuns = false;
    }

    /// <summary>False: there is no room, or a read failed; to be tried again.</summary>
    private async Task<bool> TryRetire(Hop hop, DiskNeed need, Func<Hop, Task> once)
    {
        try
        {
            await once(hop);
            store.DiskAlarm.Set(need, isFull: false);
            return true;
        }
        catch (DiskFullException)
        {
            store.DiskAlarm.Set(need, isFull: true);
        }
        catch (DiskReadException e)
        {
            LogReadFailed(logger, store.Folder.Path, e);
        }

        return false;
    }

    private async Task RetireDurableOnce(Hop hop)
    {
        while (NextSealed() is { } file)
        {
            if (file.Live > 0)
            {
                // The copy must not be on the disk before the original: a crash could keep only half a transaction.
                await store.Durable(file.LastIndex);
                await new Retirement(store, hop, _durableBuffers, durable: true).CopyWindow(file);
            }

            file.IsCopied = true;
        }

        List<Segment> sparse = store.Segments.TakeSparse(durable: true);
        if (sparse.Count > 0)
            await Forward(hop, sparse, durable: true);
        IsCheckpointDue = true;
        long replayFile = await checkpoints.Write(hop);
        IsCheckpointDue = false;
        Release(_replaced);
        _replaced.Clear();
        await Recycle(hop, replayFile);
    }

    private async Task RetireVolatileOnce(Hop hop)
    {
        if (store.WantsVolatileRetired)
        {
            store.BeginRetiringVolatile();
            try
            {
                await new Retirement(store, hop, _volatileBuffers, durable: false).CopyWindow(null);
            }
            finally
            {
                store.Volatile.EndRetiring();
            }
        }

        List<Segment> sparse = store.Segments.TakeSparse(durable: false);
        if (sparse.Count == 0)
            return;
        await Forward(hop, sparse, durable: false);
        Release(sparse);
    }

    /// <summary>A durable segment that was copied stays until a checkpoint no longer names it.</summary>
    private async Task Forward(Hop hop, List<Segment> sparse, bool durable)
    {
        try
        {
            CopyBuffers buffers = durable ? _durableBuffers : _volatileBuffers;
            await new Forwarding(store, hop, buffers, durable).Copy(sparse);
        }
        catch (IOException)
        {
            Release(sparse);
            throw;
        }

        if (durable)
            _replaced.AddRange(sparse);
    }

    private void Release(List<Segment> copied)
    {
        foreach (Segment segment in copied)
        {
            segment.IsHeld = false;
            segment.IsListed = false;
            store.Segments.GiveUpIfPossible(segment, store.LastIndex);
        }
    }

    /// <summary>Files before the one where a replay begins are free: one is the next to be filled, others go.</summary>
    private async Task Recycle(Hop hop, long replayFile)
    {
        while (store.Journal.Files is [var file, ..] && file.Number < replayFile)
        {
            while (file.Readers > 0)
                await hop.ToTurnAfter(ReaderDelay);
            store.Journal.Files.RemoveAt(0);
            if (!_preparationRuns && appender.Spare is null)
            {
                await Prepare(hop, file);
                continue;
            }

            await hop.ToDisk();
            file.Dispose();
            store.Folder.Disk.Delete(file.Path);
            await hop.ToTurn();
        }
    }

    /// <summary>Makes the next journal file, from an old one if there is one.</summary>
    private async Task Prepare(Hop hop, JournalFile? old)
    {
        _preparationRuns = true;
        appender.IsSparePending = true;
        long number;
        JournalFile file;
        do
        {
            number = appender.NextFileNumber;
            string path = store.Folder.PathOf(JournalFile.NameOf(number));
            file = new JournalFile(number, path);
            while (!await TryPrepare(hop, old, file))
            {
                store.DiskAlarm.Set(DiskNeed.NextJournalFile, isFull: true);
                await hop.ToTurnAfter(store.Options.DiskRetryDelay);
            }

            store.DiskAlarm.Set(DiskNeed.NextJournalFile, isFull: false);
            old = file;
        }
        while (number != appender.NextFileNumber);
        appender.IsSparePending = false;
        appender.Spare = file;
        _preparationRuns = false;
    }

    private async Task<bool> TryPrepare(Hop hop, JournalFile? old, JournalFile file)
    {
        await hop.ToDisk();
        bool isReady = true;
        try
        {
            store.Folder.Ensure();
            if (old is null)
                file.Attach(CreateFilled(file.Path));
            else
                Rename(old, file);
            store.Folder.Disk.SyncFolder(store.Folder.Path);
        }
        catch (DiskFullException)
        {
            isReady = false;
        }

        await hop.ToTurn();
        return isReady;
    }

    private void Rename(JournalFile old, JournalFile file)
    {
        if (old.IsOpen)
        {
            store.Folder.Disk.Rename(old.Path, file.Path);
            IDiskFile handle = old.Detach();
            file.Attach(handle);
        }

        if (file.Handle.Length > store.Options.JournalFileBytes)
            file.Handle.SetLength(store.Options.JournalFileBytes);
        file.Handle.Allocate(0, store.Options.JournalFileBytes);
    }

    /// <summary>Written, not only reserved: syncing an overwrite costs a third of syncing a first write.</summary>
    private IDiskFile CreateFilled(string path)
    {
        IDiskFile handle = store.Folder.Disk.Open(path, DiskOpenMode.Create);
        try
        {
            long length = store.Options.JournalFileBytes;
            handle.Allocate(0, length);
            byte[] zeroes = new byte[(int)Math.Min(ZeroBytes, length)];
            for (long offset = 0; offset < length; offset += zeroes.Length)
                handle.Write(offset, zeroes.AsSpan(0, (int)Math.Min(zeroes.Length, length - offset)));
            handle.Sync();
            return handle;
        }
        catch (IOException)
        {
            handle.Dispose();
            store.Folder.Disk.Delete(path);
            throw;
        }
    }

    private async Task DeleteSegments(Hop hop)
    {
        while (store.Segments.TakeDeletable(store.DurableIndex) is { } segments)
        {
            await hop.ToDisk();
            foreach (Segment segment in segments)
            {
                segment.Dispose();
                if (segment.Durable)
                    store.Folder.Disk.Delete(segment.Path);
            }

            await hop.ToTurn();
        }

        _deletionRuns = false;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading in {Folder} failed; it will be tried again")]
    private static partial void LogReadFailed(ILogger logger, string folder, Exception error);
}
