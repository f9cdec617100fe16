using System.Buffers.Binary;
using Levada.Journal;
using Levada.Queues;

namespace Levada.Storage;

/// <summary>
/// Says in journal records what happens to the durable messages of a shard's queues. Owned by the turn. Settles are
/// gathered and written at the end of the turn, or of the transaction.
/// </summary>
internal sealed class QueueRecords(JournalAppender appender)
{
    private const int RangesPerRecordMax = 4096;

    private readonly SettledRanges _settled = new();
    private bool _inTransaction;
    private bool _beginWritten;

    /// <summary>Settles wait for the end of the turn.</summary>
    public bool HasSettled => !_settled.IsEmpty;

    /// <summary>One record for all these queues; each is about to take its next sequence.</summary>
    public Location Enqueue(ReadOnlySpan<QueueMessages> queues, ReadOnlySpan<byte> message)
    {
        int listBytes = RecordFormat.CountBytes + queues.Length * RecordFormat.QueueSequenceBytes;
        Span<byte> payload = Begin(RecordKind.Enqueue, checked(listBytes + message.Length));
        message.CopyTo(payload[listBytes..]);
        BinaryPrimitives.WriteInt32LittleEndian(payload, queues.Length);
        payload = payload[RecordFormat.CountBytes..];
        foreach (QueueMessages queue in queues)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(payload, queue.Id.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], queue.NextSequence);
            payload = payload[RecordFormat.QueueSequenceBytes..];
        }

        return appender.EndRecord();
    }

    /// <summary>This queue has begun a range of settled sequences.</summary>
    public void OpenRange(QueueMessages queue) => _settled.Open(queue);

    public void CloseRange(QueueId queue, ulong first, ulong last, long bodyBytes) =>
        _settled.Close(queue.Value, first, last, bodyBytes);

    public void Requeue(QueueId queue, ulong sequence, int deliveryCount, int bodyBytes)
    {
        Span<byte> payload = Begin(RecordKind.Requeue, RecordFormat.RequeueBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, queue.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(payload[16..], deliveryCount);
        BinaryPrimitives.WriteInt32LittleEndian(payload[20..], bodyBytes);
        appender.EndRecord();
    }

    public void Drop(QueueId queue)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Begin(RecordKind.DropQueue, sizeof(ulong)), queue.Value);
        appender.EndRecord();
    }

    public void Arrive(Arrival arrival)
    {
        Span<byte> payload = Begin(RecordKind.Arrived, SettledRanges.PayloadBytes(arrival.Ranges.Count));
        BinaryPrimitives.WriteInt32LittleEndian(payload, arrival.Ranges.Count);
        payload = payload[RecordFormat.CountBytes..];
        foreach (SequenceRange range in arrival.Ranges)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(payload, arrival.Source.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], range.First);
            BinaryPrimitives.WriteUInt64LittleEndian(payload[16..], range.Last);
            BinaryPrimitives.WriteInt64LittleEndian(payload[24..], range.BodyBytes);
            payload = payload[RecordFormat.RangeBytes..];
        }

        appender.EndRecord();
    }

    /// <summary>What was settled before does not belong to the transaction.</summary>
    public void BeginTransaction()
    {
        if (_inTransaction)
            throw new InvalidOperationException("transactions do not nest");
        WriteSettled();
        _inTransaction = true;
    }

    public void EndTransaction()
    {
        if (!_inTransaction)
            throw new InvalidOperationException("no transaction to end");
        WriteSettled();
        _inTransaction = false;
        if (!_beginWritten)
            return;
        _beginWritten = false;
        appender.BeginRecord(RecordKind.CommitTransaction, 0);
        appender.EndRecord();
    }

    public long EndTurn(bool somebodyWaits)
    {
        if (_inTransaction)
            throw new InvalidOperationException("the turn ends within a transaction");
        WriteSettled();
        return appender.EndTurn(somebodyWaits);
    }

    /// <summary>Writes what was settled so far in this turn.</summary>
    public void WriteSettled()
    {
        if (_settled.IsEmpty)
            return;
        _settled.CloseAll();
        for (int start = 0; start < _settled.Count; start += RangesPerRecordMax)
        {
            int count = Math.Min(RangesPerRecordMax, _settled.Count - start);
            _settled.Write(Begin(RecordKind.Settle, SettledRanges.PayloadBytes(count)), start, count);
            appender.EndRecord();
        }

        _settled.Clear();
    }

    /// <summary>A transaction's first record is preceded by its begin; one without records leaves no trace.</summary>
    private Span<byte> Begin(RecordKind kind, int payloadBytes)
    {
        if (_inTransaction && !_beginWritten)
        {
            _beginWritten = true;
            appender.BeginRecord(RecordKind.BeginTransaction, 0);
            appender.EndRecord();
        }

        return appender.BeginRecord(kind, payloadBytes);
    }
}
