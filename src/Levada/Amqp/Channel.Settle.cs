using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>Acknowledging, rejecting and recovering deliveries (rules G, H).</summary>
internal sealed partial class Channel
{
    [ThreadStatic]
    private static List<UnsettledEntry>? _taken;

    private void HandleAck(ReadOnlySpan<byte> args)
    {
        if (!BasicAck.TryRead(args, out var ack))
            throw CannotDecode(MethodId.BasicAck);
        Settle(ack.DeliveryTag, ack.Multiple, SettleKind.Acknowledged, MethodId.BasicAck);
    }

    private void HandleNack(ReadOnlySpan<byte> args)
    {
        if (!BasicNack.TryRead(args, out var nack))
            throw CannotDecode(MethodId.BasicNack);
        Settle(nack.DeliveryTag, nack.Multiple, nack.Requeue ? SettleKind.Requeued : SettleKind.Rejected,
            MethodId.BasicNack);
    }

    private void HandleReject(ReadOnlySpan<byte> args)
    {
        if (!BasicReject.TryRead(args, out var reject))
            throw CannotDecode(MethodId.BasicReject);
        Settle(reject.DeliveryTag, false, reject.Requeue ? SettleKind.Requeued : SettleKind.Rejected,
            MethodId.BasicReject);
    }

    // What the client said after the server's connection.close gives its settles another meaning.
    private bool _hasLastSettle;

    /// <summary>
    /// Settles that come after the server's connection.close still count (rule E2), but neither behind methods that are
    /// parked nor behind those that are discarded if they end the session or begin a transaction.
    /// </summary>
    public void ReceiveWhileConnectionCloses(uint method, ReadOnlySpan<byte> args)
    {
        _hasLastSettle |= method is MethodId.ChannelClose or MethodId.TxSelect;
        if (_hasLastSettle || _hasParkedMore || IsClosing || Mode == ChannelMode.Transaction
            || method is not (MethodId.BasicAck or MethodId.BasicNack or MethodId.BasicReject))
        {
            return;
        }
        try
        {
            HandleMethod(method, args);
        }
        catch (AmqpException)
        {
            // The connection is being closed already: there is no one left to tell.
        }
    }

    private void Settle(ulong tag, bool multiple, SettleKind fate, uint method)
    {
        var taken = _taken ??= [];
        taken.Clear();
        lock (_outbox.Lock)
        {
            // Rules G4-G6: 0 with multiple is all there are, even none; any other tag must be outstanding itself.
            if (!(multiple && tag == 0) && !_unsettled.Contains(tag))
            {
                if (!WasTakenBack(tag))
                    throw UnknownTag(tag, method);
                if (!multiple)
                    return;
            }
            if (Mode == ChannelMode.Transaction)
            {
                _transaction!.Reserve(_unsettled, tag, multiple, fate);
                return;
            }
            if (multiple)
                _unsettled.TakeUpTo(tag, taken);
            else
                taken.Add(_unsettled.Take(tag));
            ReleasePrefetch(taken);
            if (fate == SettleKind.Acknowledged)
                CountAcknowledged(taken);
        }
        PostSettles(taken, fate);
        taken.Clear();
    }

    private AmqpException UnknownTag(ulong tag, uint method) => ChannelError(
        ReplyCode.PreconditionFailed, $"unknown delivery tag {tag} ({WhyUnknown(tag)})", method);

    // What to look for in the client. Under the outbox lock, which is that of the connection's other channels too.
    private string WhyUnknown(ulong tag)
    {
        if (tag == 0)
            return "0 stands for all that are outstanding, and needs multiple";
        if (tag > _unsettled.LastTag)
        {
            return Connection.FindHolder(tag) is { } other
                ? $"never delivered on channel {Number}; channel {other.Number} has one: settle where it was delivered"
                : $"never delivered on channel {Number}, whose last was {_unsettled.LastTag}";
        }
        if (_unsettled.IsReserved(tag))
            return "already settled in this transaction";
        var withAcks = Counters.Delivered + Counters.Got;
        if (withAcks == 0)
            return "of a consumer without acks: no_ack deliveries are settled as they are sent";
        return Counters.HandedOut == withAcks
            ? "already acknowledged or given back"
            : "already acknowledged or given back, or of a consumer without acks";
    }

    /// <summary>Whether the tag is outstanding here. Under the outbox lock.</summary>
    public bool Holds(ulong tag) => _unsettled.Contains(tag);

    // Under the outbox lock.
    private void ReleasePrefetch(List<UnsettledEntry> taken)
    {
        foreach (var entry in taken)
            _consumed -= entry.Consumer is null ? 0 : 1;
        if (_refused.Count > 0)
            Connection.RetryAfterPost(TakeRefused());
    }

    private void PostSettles(List<UnsettledEntry> taken, SettleKind fate)
    {
        var inBatch = 0;
        foreach (var entry in taken)
        {
            AddSettle(Connection.Batch(entry.Queue!.Shard), entry, fate);
            if (++inBatch % RequeuesPerBatch == 0)
                Connection.PostBatches();
        }
        CountSettled(fate, taken.Count);
    }

    private static void AddSettle(PostBatch batch, UnsettledEntry entry, SettleKind fate)
    {
        if (fate == SettleKind.Rejected)
            batch.AddReject(entry.Queue!, entry.Sequence, entry.Consumer);
        else if (fate == SettleKind.Acknowledged)
            batch.AddSettle(entry.Queue!, entry.Sequence, entry.Consumer);
        else
            batch.AddRequeue(entry.Queue!, entry.Sequence, entry.Consumer, failed: fate == SettleKind.Requeued);
    }

    private void CountSettled(SettleKind fate, int count)
    {
        switch (fate)
        {
            case SettleKind.Acknowledged:
                Counters.Acknowledged += count;
                Connection.Counters.Acknowledged += count;
                break;
            case SettleKind.Rejected:
                Counters.Rejected += count;
                Connection.Counters.Rejected += count;
                break;
            case SettleKind.Requeued:
                Counters.Requeued += count;
                Connection.Counters.Requeued += count;
                break;
            default:
                // Given back by the broker: nothing that the client did to this message.
                break;
        }
    }

    // Rule G9. The messages go back to their places; without requeue those that consumers had go to the same ones
    // again.
    private void HandleRecover(ReadOnlySpan<byte> args, bool async)
    {
        if (args.Length != 1)
            throw CannotDecode(async ? MethodId.BasicRecoverAsync : MethodId.BasicRecover);
        var requeue = (args[0] & 1) != 0;
        Connection.PostBatches();
        var taken = new List<UnsettledEntry>();
        lock (_outbox.Lock)
        {
            _unsettled.TakeUpTo(0, taken);
            ReleasePrefetch(taken);
            if (!async)
                Write(new BasicRecoverOk());
        }
        if (!requeue)
            DeliverAgain(taken);
        PostSettles(taken, SettleKind.Released);
    }

    // Takes those out that a consumer had.
    private static void DeliverAgain(List<UnsettledEntry> taken)
    {
        foreach (var entries in taken.Where(static e => e.Consumer is not null).GroupBy(static e => e.Queue!.Shard))
        {
            foreach (var piece in entries.Chunk(RequeuesPerBatch))
                entries.Key.Post(new RecoverCommand([.. piece.Select(static e => (e.Consumer!, e.Sequence))]));
        }
        taken.RemoveAll(static e => e.Consumer is not null);
    }
}
