using System.Buffers.Binary;
using Levada.Journal;
using Levada.Platform;
using Levada.Queues;

namespace Levada.Storage;

/// <summary>
/// A start: takes the newest checkpoint, then what the journal says happened since. One thread, before the first turn.
/// </summary>
internal sealed class Recovery(
    MessageStore store, JournalAppender appender, Checkpointing checkpoints, IReadOnlyCollection<QueueId> durableQueues,
    ulong queueIdCounter)
{
    private readonly HashSet<QueueId> _known = [.. durableQueues];
    private readonly HashSet<QueueId> _dropped = [];
    private readonly HashSet<QueueId> _strange = [];
    private readonly Dictionary<QueueId, QueueMessages> _queues = [];
    private readonly List<Damage> _damages = [];
    private readonly List<(JournalFile File, long Offset, byte[] Record)> _transaction = [];
    private readonly JournalScan _scan = new();
    private CheckpointReader? _checkpoint;
    private bool _inTransaction;
    private long _transactionIndex;

    /// <summary>Fills the queues.</summary>
    public RecoveryReport Run(Dictionary<QueueId, QueueMessages> queues)
    {
        if (store.Folder.Disk.List(store.Folder.Path).Count == 0)
            return Report(clean: true);
        var faults = new List<Damage>();
        (CheckpointHeader Header, byte[] Content)? found =
            CheckpointFile.Read(store.Folder, store.Id.Value, faults);
        CheckpointHeader header = found?.Header ?? new CheckpointHeader { ReplayIndex = 1, NextSegment = 1 };
        _checkpoint = new CheckpointReader(store, QueueOf, _damages);
        if (found is { } checkpoint)
            _checkpoint.Read(checkpoint.Content, checkpoint.Header.Queues);
        _scan.Open(store.Folder, store.Id, header.ReplayFile, header.ReplayIndex, header.DurableIndex);
        if (Math.Max(header.Epoch, _scan.LastEpoch) is var last && last >= store.Options.Epoch)
        {
            throw new InvalidDataException(
                $"{store.Folder.Path} was written in epoch {last}, but this start has {store.Options.Epoch}: is the "
                + "catalog older than the messages?");
        }

        store.Journal.Files.AddRange(_scan.Files);
        _scan.Gap = EndLostTransaction;
        _scan.Run(Apply);
        bool isClean = header.IsClean && header.Epoch + 1 == store.Options.Epoch
            && _scan.NextIndex == header.DurableIndex + 1;
        TakeOver(header, isClean);
        foreach ((QueueId id, QueueMessages queue) in _queues)
            queues.Add(id, queue);
        _damages.AddRange(_scan.Damages);
        ReportFaults(faults, found is not null);
        return Report(isClean);
    }

    private RecoveryReport Report(bool clean) => new()
    {
        CleanStop = clean,
        Messages = _queues.Values.SelectMany(queue => queue.All).Sum(queue => queue.Ready),
        TornBytes = _scan.TornBytes,
        Torn = _scan.Torn,
        DroppedQueues = _dropped.Count,
        Damages = _damages,
    };

    /// <summary>
    /// A checkpoint that is not whole is what a crash leaves of the one being written; never of both.
    /// </summary>
    private void ReportFaults(List<Damage> faults, bool hasCheckpoint)
    {
        if (!hasCheckpoint && faults.Count >= 2)
            _damages.AddRange(faults);
    }

    private void TakeOver(in CheckpointHeader header, bool isClean)
    {
        // Records of a transaction without its end: the next ones take their indices.
        appender.NextIndex = _inTransaction ? _transactionIndex : _scan.NextIndex;
        appender.NextFileNumber = Math.Max(_scan.HighestFileNumber + 1, Math.Max(header.ReplayFile, 1));
        checkpoints.LastNumber = header.Number;
        _checkpoint!.TakeOverSegments(header.NextSegment);
        foreach (QueueMessages queue in _queues.Values.SelectMany(queue => queue.All))
        {
            (ulong next, ulong redeliveredBelow) = _checkpoint.EndOf(queue);
            queue.FinishReplay(next, isClean ? redeliveredBelow : null);
            queue.CheckBodies(_damages);
        }

        if (isClean)
            _checkpoint.RestoreMarks();
        KeepOneSpare();
    }

    /// <summary>Files that hold nothing: one is the next to be filled, others go.</summary>
    private void KeepOneSpare()
    {
        if (_scan.LeftOver.Count == 0)
            return;
        IDisk disk = store.Folder.Disk;
        long number = appender.NextFileNumber;
        var file = new JournalFile(number, store.Folder.PathOf(JournalFile.NameOf(number)));
        string kept = _scan.LeftOver.Find(path => path == file.Path) ?? _scan.LeftOver[0];
        foreach (string path in _scan.LeftOver)
        {
            if (path != kept)
                disk.Delete(path);
        }

        if (kept != file.Path)
            disk.Rename(kept, file.Path);
        IDiskFile handle = disk.Open(file.Path, DiskOpenMode.Existing);
        if (handle.Length == store.Options.JournalFileBytes)
        {
            file.Attach(handle);
            appender.Spare = file;
        }
        else
        {
            handle.Dispose();
            disk.Delete(file.Path);
        }

        disk.SyncFolder(store.Folder.Path);
    }

    private QueueMessages? QueueOf(ulong value)
    {
        var id = new QueueId(value);
        if (_queues.TryGetValue(id, out QueueMessages? queue))
            return queue;
        if (_known.Contains(id))
        {
            _queues.Add(id, queue = new QueueMessages(store, id, durable: true));
            return queue;
        }

        if (value < queueIdCounter)
            _dropped.Add(id);
        else if (_strange.Add(id))
            _damages.Add(new Damage(id, 0, $"queue {value} is not in the catalog, whose ids end at {queueIdCounter}"));
        return null;
    }

    private void Apply(JournalFile file, long offset, ReadOnlySpan<byte> record)
    {
        switch (RecordFormat.Kind(record))
        {
            case RecordKind.BeginTransaction:
                _inTransaction = true;
                _transactionIndex = RecordFormat.Index(record);
                break;
            case RecordKind.CommitTransaction:
                EndLostTransaction();
                break;
            default:
                if (_inTransaction)
                    _transaction.Add((file, offset, record.ToArray()));
                else
                    ApplyNow(file, offset, record);
                break;
        }
    }

    /// <summary>
    /// What the transaction says counts: its commit is here, or the journal was durable beyond it and the commit is
    /// what was lost.
    /// </summary>
    private void EndLostTransaction()
    {
        _inTransaction = false;
        foreach ((JournalFile file, long offset, byte[] record) in _transaction)
            ApplyNow(file, offset, record);
        _transaction.Clear();
    }

    private void ApplyNow(JournalFile file, long offset, ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> payload = record[RecordFormat.HeaderBytes..];
        switch (RecordFormat.Kind(record))
        {
            case RecordKind.Enqueue:
                Enqueue(file, offset, record);
                break;
            case RecordKind.Settle:
                Settle(payload, RecordFormat.Index(record));
                break;
            case RecordKind.Requeue:
                ulong requeued = BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]);
                QueueOf(BinaryPrimitives.ReadUInt64LittleEndian(payload))?.Of(requeued).ReplayRequeue(
                    requeued,
                    BinaryPrimitives.ReadInt32LittleEndian(payload[16..]),
                    BinaryPrimitives.ReadInt32LittleEndian(payload[20..]),
                    RecordFormat.Index(record));
                break;
            case RecordKind.Arrived:
                store.Arrivals.Restore(payload);
                break;
            case RecordKind.DropQueue:
                Drop(new QueueId(BinaryPrimitives.ReadUInt64LittleEndian(payload)));
                break;
            default:
                throw new InvalidDataException(
                    $"{file.Path}: record {RecordFormat.Index(record)} is of kind {(int)RecordFormat.Kind(record)}, "
                    + "which this version does not know");
        }
    }

    private void Enqueue(JournalFile file, long offset, ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> message = RecordFormat.Message(record);
        int bodyBytes = MessageLayout.BodyBytes(message);
        Location location = Location.InJournal(file.Number, offset);
        bool hasExpiration = MessageLayout.HasExpiration(message);
        ReadOnlySpan<byte> list = record[RecordFormat.HeaderBytes..];
        int count = BinaryPrimitives.ReadInt32LittleEndian(list);
        list = list[RecordFormat.CountBytes..];
        for (int i = 0; i < count; i++)
        {
            ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(list[8..]);
            if (QueueOf(BinaryPrimitives.ReadUInt64LittleEndian(list)) is { } queue)
            {
                file.Live++;
                bool shared = MessageStore.IsShared(count, bodyBytes);
                queue.HasExpiring |= hasExpiration;
                queue = queue.Of(sequence);
                queue.ReplayEnqueue(sequence, location, bodyBytes, shared, RecordFormat.Index(record));
                if (MessageLayout.IsBodyApart(message))
                    queue.HoldBody(sequence, store.Bodies.Restore(MessageLayout.BodyNumber(message), bodyBytes));
            }

            list = list[RecordFormat.QueueSequenceBytes..];
        }
    }

    private void Settle(ReadOnlySpan<byte> payload, long index)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(payload);
        payload = payload[RecordFormat.CountBytes..];
        for (int i = 0; i < count; i++)
        {
            ulong first = BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]);
            QueueOf(BinaryPrimitives.ReadUInt64LittleEndian(payload))?.Of(first).ReplaySettle(
                first,
                BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(payload[24..]),
                index);
            payload = payload[RecordFormat.RangeBytes..];
        }
    }

    /// <summary>
    /// The catalog may still know it: it is taken out there before it is dropped here, but not yet durably.
    /// </summary>
    private void Drop(QueueId id)
    {
        if (_queues.Remove(id, out QueueMessages? queue))
            queue.Drop();
    }
}
