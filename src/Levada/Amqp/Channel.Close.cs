using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>How a channel's session ends (rules D7-D14): by the client, by an error, with its connection.</summary>
internal sealed partial class Channel
{
    // A close with very many unacknowledged deliveries gives them back in pieces, so that others have their turn.
    private const int RequeuesPerBatch = 10_000;

    private void HandleClose(ReadOnlySpan<byte> args)
    {
        if (!ChannelClose.TryRead(args, out var close))
            throw CannotDecode(MethodId.ChannelClose);
        RememberClosed(CloseReason.OfClient(close.ReplyCode, close.ReplyText, close.ClassId, close.MethodId));
        Wait();
        End(() => Connection.RunOnTurn(() =>
        {
            IsWaiting = false;
            if (Connection.Forget(this, "was closed by the client"))
            {
                lock (_outbox.Lock)
                    _outbox.Write(Number, new ChannelCloseOk());
            }
            if (_parked is not null)
                Connection.Resume(this);
        }));
    }

    /// <summary>
    /// Closes the channel for an error or an operator; the connection and its other channels go on.
    /// </summary>
    public void CloseByServer(AmqpException error, ClosedBy by = ClosedBy.Broker)
    {
        if (IsClosing || _isEnded)
            return;
        // What it published before counts, and its confirms go out before the close or not at all.
        Connection.PostBatches();
        lock (_outbox.Lock)
        {
            Write(new Protocol.ChannelClose(error.ReplyCode, error.ReplyText, error.ClassId, (ushort)error.MethodId));
            _isOver = true;
            _confirms?.End();
        }
        IsClosing = true;
        _stateSinceMs = Environment.TickCount64;
        IsWaiting = false;
        _closedWith = error.ReplyCode;
        RememberClosed(CloseReason.Of(error) with { By = by });
        End(static () => { });
        if (_parked is not null)
            Connection.Resume(this);
    }

    private ushort _closedWith;

    private void RememberClosed(CloseReason reason)
    {
        if (reason.IsNormal)
            return;
        Broker.Closed.Add(Connection.VHost!, new ClosedSession
        {
            Name = $"{Connection.Name} ({Number})",
            Number = Number,
            ConnectionName = Connection.Name,
            ClientName = Connection.ClientName,
            VHost = Connection.VHost!.Name,
            User = Connection.UserName ?? "",
            Peer = Connection.Peer,
            Reason = reason,
            ClosedAt = Broker.Time.GetUtcNow(),
            OpenFor = TimeSpan.FromMilliseconds(Environment.TickCount64 - _openedMs),
            Counters = Counters.Copy(),
        });
    }

    // Rules D8, D9: close-ok ends it, and so does a close that crossed ours.
    private void ReceiveWhileClosing(byte type, ReadOnlySpan<byte> payload)
    {
        if (type != Frame.Method)
            return;
        var method = Connection.FrameMethod(payload);
        if (method == MethodId.ChannelOpen)
        {
            throw new AmqpException(
                ReplyCode.ChannelError, "second 'channel.open' seen", ErrorScope.Connection, method);
        }
        if (method is not (MethodId.ChannelClose or MethodId.ChannelCloseOk))
            return;
        if (method == MethodId.ChannelClose)
        {
            lock (_outbox.Lock)
                _outbox.Write(Number, new ChannelCloseOk());
        }
        Connection.Forget(this, $"was closed by the server with {_closedWith}");
        // Frames that are still parked here are for the next session of the number.
        IsClosing = false;
    }

    /// <summary>
    /// Cancels the consumers, gives back what is unsettled, forgets the transaction. <paramref name="done"/> runs when
    /// every shard has answered, on whatever thread that is.
    /// </summary>
    /// <param name="done">The last thing.</param>
    /// <param name="isLost">The client was lost: what it held counts as an attempt that failed.</param>
    public void End(Action done, bool isLost = false)
    {
        if (_isEnded)
        {
            done();
            return;
        }
        _isEnded = true;
        if (ConsumerCount > 0)
            Broker.Connections.CountConsumers(Connection, opened: 0, closed: ConsumerCount);
        foreach (var consumer in _consumers?.Values ?? Enumerable.Empty<Consumer>())
            Connection.PublishDeleted(this, consumer);
        var unsettled = new List<UnsettledEntry>();
        lock (_outbox.Lock)
        {
            _isOver = true;
            _confirms?.End();
            _unsettled.TakeUpTo(0, unsettled, reservedToo: true);
            _refused.Clear();
        }
        TellCounts();
        ReleaseMessage();
        EndDirectReplies();
        _transaction?.Discard();
        var shards = Requeue(unsettled, isLost);
        foreach (var consumer in _consumers?.Values ?? Enumerable.Empty<Consumer>())
            shards |= 1UL << consumer.Queue.Shard.Id.Value;
        CloseAt(shards, done);
    }

    private ulong Requeue(List<UnsettledEntry> unsettled, bool failed)
    {
        var shards = 0UL;
        var inBatch = 0;
        foreach (var entry in unsettled)
        {
            var queue = entry.Queue!;
            shards |= 1UL << queue.Shard.Id.Value;
            Connection.Batch(queue.Shard).AddRequeue(queue, entry.Sequence, entry.Consumer, failed);
            if (++inBatch % RequeuesPerBatch == 0)
                Connection.PostBatches();
        }
        Connection.PostBatches();
        return shards;
    }

    private void CloseAt(ulong shards, Action done)
    {
        var left = new Countdown(System.Numerics.BitOperations.PopCount(shards) + 1, done);
        foreach (var shard in Broker.Shards)
        {
            if ((shards & (1UL << shard.Id.Value)) == 0)
                continue;
            Consumer[] consumers = [.. _consumers?.Values.Where(c => c.Queue.Shard == shard) ?? []];
            shard.Post(new CloseSessionCommand(consumers, emptied => DeleteEmptied(emptied, left.Signal)));
        }
        left.Signal();
    }

    // Auto-delete queues that have lost their last consumer go before close-ok.
    private void DeleteEmptied(List<Queue> emptied, Action done)
    {
        var left = new Countdown(emptied.Count + 1, done);
        foreach (var queue in emptied)
            Broker.DeleteQueue(queue, left.Signal);
        left.Signal();
    }
}
