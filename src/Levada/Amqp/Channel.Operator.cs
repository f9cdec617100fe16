using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What operators ask of a channel. All of it in a turn of its connection.</summary>
internal sealed partial class Channel
{
    // Up to this tag all was taken back at once. Under the outbox lock.
    private ulong _takenBackUpTo;

    /// <summary>
    /// Closes it as an error would, with 406: channel.close is for soft errors, which 320 is none of.
    /// </summary>
    public void CloseByOperator(string reason) => CloseByServer(
        new AmqpException(ReplyCode.PreconditionFailed, reason, ErrorScope.Channel), ClosedBy.Operator);

    /// <summary>Cancels a consumer with basic.cancel. What it has unacknowledged stays the channel's.</summary>
    public void CancelByOperator(string tag, Action<OperatorResult> done)
    {
        if (_consumers?.GetValueOrDefault(tag) is not { } consumer)
        {
            done(OperatorResult.Gone);
        }
        else if (!Connection.WantsCancelNotify)
        {
            done(new OperatorResult(
                OperatorOutcome.Refused,
                "the client has not announced consumer_cancel_notify: it would wait for deliveries for ever; close its "
                + "channel instead"));
        }
        else
        {
            Cancel(consumer, () => done(OperatorResult.Done));
        }
    }

    private void Cancel(Consumer consumer, Action done)
    {
        Forget(consumer);
        WatchConsumers(ConsumerCount);
        Connection.PostBatches();
        consumer.Queue.Shard.Post(new CancelCommand(consumer, autoDelete =>
        {
            // On the shard's turn: after consume-ok and the last delivery.
            TellCancelled(consumer);
            if (autoDelete)
                Broker.DeleteQueue(consumer.Queue, done);
            else
                done();
        }));
    }

    // Once, even if the queue goes at the same time.
    private void TellCancelled(Consumer consumer)
    {
        lock (_outbox.Lock)
        {
            if (consumer.IsCancelTold)
                return;
            consumer.IsCancelTold = true;
            if (Connection.WantsCancelNotify)
                Write(new BasicCancel(consumer.Tag, true));
        }
    }

    /// <summary>
    /// Gives back all that is unsettled, but for what an open transaction has settled; the client may still settle it
    /// late. Returns how many.
    /// </summary>
    public int RequeueByOperator()
    {
        var taken = new List<UnsettledEntry>();
        lock (_outbox.Lock)
        {
            _takenBackUpTo = _unsettled.LastTag;
            _unsettled.TakeUpTo(0, taken);
            ReleasePrefetch(taken);
        }
        PostSettles(taken, SettleKind.Released);
        return taken.Count;
    }

    /// <summary>Changes how many unsettled deliveries a consumer may hold, for now.</summary>
    public void SetPrefetch(string tag, int count, Action<OperatorResult> done)
    {
        if (_consumers?.GetValueOrDefault(tag) is { } consumer)
            consumer.Queue.Shard.Post(new PrefetchCommand(consumer, count, () => done(OperatorResult.Done)));
        else
            done(OperatorResult.Gone);
    }

    /// <summary>The same for all its consumers, and for those to come until the client says otherwise.</summary>
    public void SetPrefetch(int count, Action<OperatorResult> done)
    {
        _prefetch = count;
        Consumer[] consumers = [.. _consumers?.Values ?? Enumerable.Empty<Consumer>()];
        var left = new Countdown(consumers.Length + 1, () => done(OperatorResult.Done));
        foreach (var consumer in consumers)
            consumer.Queue.Shard.Post(new PrefetchCommand(consumer, count, left.Signal));
        left.Signal();
    }

    public void SetGlobalPrefetch(int count)
    {
        Consumer[] retry;
        lock (_outbox.Lock)
        {
            _globalPrefetch = count;
            retry = TakeRefused();
        }
        Outbox.Retry(retry);
    }

    /// <summary>Stops its deliveries, or lets them go on if nobody else has stopped them. False: it was so.</summary>
    public bool Pause(DeliveryPause by, bool isPaused)
    {
        Consumer[] retry;
        lock (_outbox.Lock)
        {
            var paused = isPaused ? _paused | by : _paused & ~by;
            if (paused == _paused)
                return false;
            _paused = paused;
            _stateSinceMs = Environment.TickCount64;
            retry = TakeRefused();
        }
        Outbox.Retry(retry);
        return true;
    }

    /// <summary>
    /// Consumers of clients that understand it are cancelled; all others, and those that come yet, get nothing until
    /// the drain is taken back.
    /// </summary>
    public void FollowDrain(bool drains)
    {
        if (IsOver)
            return;
        Pause(DeliveryPause.Drain, drains);
        if (!drains || !Connection.WantsCancelNotify || _consumers is null)
            return;
        foreach (var consumer in _consumers.Values.ToArray())
            Cancel(consumer, static () => { });
    }
}
