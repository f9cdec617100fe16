using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// A queue's messages and consumers, and the rule that joins them: the oldest of the highest priority goes to the next
/// consumer that has room. No I/O, clock or lock in here. Owner: the shard's turn.
/// </summary>
internal sealed partial class QueueState(Queue queue, QueueMessages messages)
{
    // So that one queue with a long backlog does not hold up the others of its shard.
    private const int DeliveriesPerTurn = 10_000;

    private List<ReadCommand>? _waitingReads;

    public Queue Queue { get; } = queue;

    /// <summary>Its messages; in a priority queue those of priority 0, by which the others are found.</summary>
    public QueueMessages Messages { get; } = messages;

    public ConsumerRing Consumers { get; } = new(queue.SingleActiveConsumer);

    /// <summary>Deleted: its messages are gone, late settles for it mean nothing.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>An auto-delete queue goes when its last consumer goes, never before it had one.</summary>
    public bool HadConsumers { get; set; }

    /// <summary>Noted in the shard's list of queues to serve at the end of the turn.</summary>
    public bool IsTouched { get; set; }

    /// <summary>
    /// Hands out what is ready to whom has room, then lets go of what may not wait. True if there is more to do in a
    /// later turn.
    /// </summary>
    /// <param name="touched">Targets to flush at the end of the turn, each once.</param>
    /// <param name="turn">The shard's turn, by its number.</param>
    public bool Serve(List<IDeliveryTarget> touched, long turn)
    {
        var hasMore = !Queue.IsPaused && Deliver(touched, turn);
        if (_hasRules)
            hasMore |= ApplyRules(isServed: !hasMore);
        return hasMore;
    }

    private bool Deliver(List<IDeliveryTarget> touched, long turn)
    {
        IDeliveryTarget? target = null;
        var budget = DeliveriesPerTurn;
        while (budget > 0 && Consumers.Next is { } consumer && PeekFront(out var message) == PeekResult.Found)
        {
            if (_mayExpire && IsExpired(message))
            {
                // Not under the lock of somebody's outbox.
                target?.EndOffers();
                target = null;
                if (Peek(out _) != PeekResult.Found)
                    break;
                continue;
            }
            if (!ReferenceEquals(target, consumer.Target))
            {
                target?.EndOffers();
                target = consumer.Target;
                target.BeginOffers();
            }
            if (consumer.TouchedTurn != turn)
            {
                consumer.TouchedTurn = turn;
                touched.Add(target);
            }
            budget--;
            Offer(target, consumer, message);
        }
        target?.EndOffers();
        return budget == 0;
    }

    /// <summary>
    /// Offers a message that was just requeued to the consumer that had it. If others are ahead of it or there is no
    /// room, it waits for its turn like any other.
    /// </summary>
    public void DeliverAgain(Consumer consumer, ulong sequence)
    {
        if (IsDropped || Queue.IsPaused || !consumer.HasRoom || Peek(out var message) != PeekResult.Found
            || message.Sequence != sequence)
        {
            return;
        }
        consumer.Target.BeginOffers();
        Offer(consumer.Target, consumer, message);
        consumer.Target.EndOffers();
    }

    private void Offer(IDeliveryTarget target, Consumer consumer, scoped MessageView message)
    {
        switch (target.Offer(consumer, message.Sequence, message.Redelivered, Show(message)))
        {
            case OfferResult.Accepted when consumer.NoAck:
                CountRedelivered(message);
                Take(settles: true);
                Queue.Counters.DeliveredNoAck++;
                Consumers.Served(consumer);
                break;
            case OfferResult.Accepted:
                CountRedelivered(message);
                Take(settles: false);
                Queue.Counters.Delivered++;
                consumer.Unacked++;
                Consumers.Served(consumer);
                break;
            case OfferResult.Refused:
                consumer.IsRefused = true;
                Consumers.Update(consumer);
                break;
            default:
                consumer.IsGone = true;
                Consumers.Update(consumer);
                break;
        }
    }

    /// <summary>The message as a client is to see it.</summary>
    public static StoredMessage Show(MessageView message) =>
        message.DeliveryCount == 0 ? new StoredMessage(message.Bytes) : DeliveryCount.Show(message);

    private void CountRedelivered(scoped MessageView message) =>
        Queue.Counters.Redelivered += message.Redelivered ? 1 : 0;

    /// <summary>The queue is deleted: it takes no more, and its messages are the store's to let go of.</summary>
    public void Drop()
    {
        IsDropped = true;
        Intake = null;
    }

    public void Settle(ulong sequence, Consumer? consumer)
    {
        if (IsDropped)
            return;
        Of(sequence).Settle(sequence);
        Queue.Counters.Settled++;
        Release(consumer);
    }

    public void Requeue(ulong sequence, Consumer? consumer, bool countAttempt)
    {
        if (IsDropped)
            return;
        var messages = Of(sequence);
        var counts = countAttempt && CountsAttempts;
        if (counts && messages.AttemptsOf(sequence) >= Queue.Settings.DeliveryLimit)
            GiveUp(sequence);
        else
            Raise(messages).Requeue(sequence, counts);
        Release(consumer);
    }

    // Else nobody looks at them.
    private bool CountsAttempts => Queue.Type == QueueType.Quorum || Queue.Settings.DeliveryLimit is not null;

    // One failed delivery more than it may have.
    private void GiveUp(ulong sequence)
    {
        Queue.Counters.DroppedByDeliveries++;
        if (Queue.Settings.DeadLetterExchange is null)
            Of(sequence).Settle(sequence);
        else
            Bury(sequence, DeathReason.DeliveryLimit);
    }

    private void Release(Consumer? consumer)
    {
        if (consumer is null)
            return;
        consumer.Unacked--;
        Consumers.Update(consumer);
    }

    /// <summary>One whose messages are not in memory yet, or whose client has no room; answered when it is.</summary>
    public void Wait(ReadCommand read) => (_waitingReads ??= []).Add(read);

    /// <summary>Tries the waiting ones again; one that must go on waiting holds up no other.</summary>
    public void AnswerWaitingReads() => _waitingReads?.RemoveAll(static read => read.TryAnswer());

    /// <summary>Shows this turn's figures to everyone.</summary>
    public void PublishFigures()
    {
        // One that holds messages back has them until they have arrived elsewhere.
        Queue.Ready = IsDelay ? Ready + Held : Ready;
        Queue.Unacked = Held - _held;
        Queue.ReadyBytes = ReadyBytes;
        Queue.UnackedBytes = HeldBytes;
        Queue.ConsumerCount = Consumers.Count;
        Queue.HasRoom = Consumers.Next is not null && !Queue.IsPaused;
    }
}
