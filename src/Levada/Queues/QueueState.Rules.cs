using Levada.Protocol;
using Levada.Storage;

namespace Levada.Queues;

// What a queue does with its messages by itself. A queue without settings, whose messages have none of their own, never
// comes here: that is one look at _hasRules a turn.
internal sealed partial class QueueState
{
    // So that a queue of which very much expires at once does not hold up the others of its shard.
    private const int RemovalsPerTurn = 10_000;

    private bool _hasRules;

    // Null if it takes duplicates like any others.
    private readonly Deduplication? _known = Deduplication.From(queue.Arguments);

    // The queue has a TTL, or messages that have one of their own.
    private bool _mayExpire;

    private long _removalsTurn;
    private int _removalsLeft;

    // Null while it has consumers.
    private long? _unusedSinceMs;
    private bool _isExpired;

    /// <summary>When its shard touches it by itself. Owner: <see cref="WakeTimes"/>.</summary>
    public long WakeAtMs { get; set; } = long.MaxValue;

    /// <summary>Other settings count from now on.</summary>
    public void Apply(QueueSettings settings)
    {
        Queue.Settings = settings;
        _mayExpire = settings.MessageTtlMs is not null || Messages.HasExpiring;
        UpdateRules();
        foreach (var consumer in Consumers.All)
        {
            consumer.Follow(settings);
            Consumers.Update(consumer);
        }
        Queue.Shard.Touch(this);
    }

    /// <summary>A message with a TTL of its own is about to come.</summary>
    public void ExpectExpiration() => _hasRules = _mayExpire = Messages.HasExpiring = true;

    /// <summary>Somebody declared the queue again or got from it: it counts as used now.</summary>
    public void Use() => _unusedSinceMs = Queue.Shard.NowMs;

    /// <summary>The next message; those before it that have expired go.</summary>
    public PeekResult Peek(out MessageView message)
    {
        while (true)
        {
            var result = PeekFront(out message);
            if (!_mayExpire || result != PeekResult.Found || !IsExpired(message))
                return result;
            // As if it had to be read first: the queue is served again, in a turn of its own.
            if (!MayRemove())
                return PeekResult.Loading;
            Queue.Counters.Expired++;
            RemoveHead(message, DeathReason.Expired);
        }
    }

    private void RemoveHead(scoped MessageView message, DeathReason reason)
    {
        if (Queue.Settings.DeadLetterExchange is null)
            Take(settles: true);
        else
            BuryHead(message, reason);
    }

    private bool MayRemove()
    {
        if (!IsDeadLetterRoom)
            return false;
        if (_removalsTurn != Queue.Shard.Turns)
        {
            _removalsTurn = Queue.Shard.Turns;
            _removalsLeft = RemovalsPerTurn;
        }
        return _removalsLeft > 0 && --_removalsLeft >= 0;
    }

    // As many as it may in one turn.
    private bool HasRemovedAll => _removalsTurn == Queue.Shard.Turns && _removalsLeft == 0;

    private bool IsExpired(scoped MessageView message)
    {
        var stored = new StoredMessage(message.Bytes);
        var ttl = TtlMs(stored);
        // What came since the queue was served last a consumer may still have.
        if (ttl == 0)
            return message.Sequence < _front.FreshFrom;
        return ttl < long.MaxValue && stored.TimestampMs + ttl <= Queue.Shard.NowMs;
    }

    // The lower of the queue's and the message's own.
    private long TtlMs(scoped StoredMessage message)
    {
        var ttl = Queue.Settings.MessageTtlMs ?? long.MaxValue;
        return Expiration.Of(message.Properties) is { } own ? Math.Min(ttl, own) : ttl;
    }

    /// <summary>At the end of a turn, when consumers have taken what they could. True if there is more to do.</summary>
    private bool ApplyRules(bool isServed)
    {
        if (_delays is not null)
            return ServeDelays(_delays);
        if (isServed)
            AllIsServed();
        if (Queue.Settings is { HasMaxLength: true, Overflow: Overflow.DropHead })
            DropHeads();
        if (_mayExpire)
            ExpireHead();
        ServeDeadLetters();
        if (Queue.Settings.ExpiresMs is { } expires)
            ExpireQueue(expires);
        return HasRemovedAll;
    }

    // At the end of a turn: what consumers took at once was never too much. What has expired goes first.
    private void DropHeads()
    {
        while (IsTooLong && Peek(out var head) == PeekResult.Found && IsTooLong && MayRemove())
        {
            Queue.Counters.DroppedByLength++;
            RemoveHead(head, DeathReason.MaxLength);
        }
    }

    // A queue that is just full would be so with one less and one more.
    private bool IsTooLong => Queue.Settings.IsFull(Ready - 1, ReadyBytes, bodyBytes: 0);

    // Of the head alone: what stands behind it goes when it comes to the head, as in RabbitMQ.
    private void ExpireHead()
    {
        var result = Peek(out var head);
        if (result == PeekResult.Found)
        {
            var stored = new StoredMessage(head.Bytes);
            if (TtlMs(stored) is var ttl && ttl < long.MaxValue)
                Queue.Shard.WakeTimes.Wake(this, stored.TimestampMs + ttl);
        }
        else if (result == PeekResult.Empty && Held == 0)
        {
            Messages.HasExpiring = false;
            _mayExpire = Queue.Settings.MessageTtlMs is not null;
            UpdateRules();
        }
    }

    private void ExpireQueue(long expiresMs)
    {
        var shard = Queue.Shard;
        if (Consumers.Count > 0)
        {
            _unusedSinceMs = null;
            return;
        }
        _unusedSinceMs ??= shard.NowMs;
        var at = _unusedSinceMs.Value + expiresMs;
        if (at > shard.NowMs)
        {
            shard.WakeTimes.Wake(this, at);
        }
        else if (!_isExpired)
        {
            _isExpired = true;
            shard.QueueExpired(Queue);
        }
    }

    private void UpdateRules()
    {
        var settings = Queue.Settings;
        _hasRules = _mayExpire || settings.ExpiresMs is not null || settings.HasMaxLength
            || settings.DeadLetterExchange is not null || _rejected.Count > 0 || _delays is not null;
        var refuses = settings.HasMaxLength && settings.Overflow != Overflow.DropHead;
        var asks = IsDropped || refuses || _maxPriority > 0 || _delays is not null || _known is not null;
        Intake = asks ? null : Messages;
    }

    /// <summary>
    /// Where any message goes that comes; null if each must be looked at: the queue is gone, has priorities, refuses
    /// messages when it is full, leaves duplicates out or holds messages back.
    /// </summary>
    public QueueMessages? Intake { get; private set; } = messages;

    /// <summary>Whether it takes one message more; only one that refuses messages when it is full may not.</summary>
    /// <param name="bodyBytes">The length of its body.</param>
    public bool HasRoomFor(int bodyBytes) =>
        Queue.Settings.Overflow == Overflow.DropHead || !Queue.Settings.IsFull(Ready, ReadyBytes, bodyBytes);

    /// <summary>Remembers a message that may be added; true if one like it is remembered already.</summary>
    /// <param name="message">The message.</param>
    /// <param name="key">What <see cref="Forget"/> takes if it is not added after all.</param>
    public bool IsDuplicate(scoped StoredMessage message, out UInt128? key)
    {
        key = null;
        if (_known is null || !BasicPropertiesReader.TryRead(message.Properties, out var properties)
            || _known.TryAdd(properties.HeadersBytes, Queue.Shard.NowMs, out key))
        {
            return false;
        }
        Queue.Counters.Deduplicated++;
        return true;
    }

    /// <summary>See <see cref="IsDuplicate"/>.</summary>
    public void Forget(UInt128 key) => _known!.Forget(key);
}
