using System.Buffers;
using System.Buffers.Binary;
using Levada.Protocol;
using Levada.Storage;

namespace Levada.Queues;

// Messages that end here and go on elsewhere: first to the queues they go to, then out of this one, so that a crash may
// double but never lose one.
internal sealed partial class QueueState
{
    // On their way to other queues, of one queue: more wait until some of these have arrived.
    private const int DeadLettersMax = 20_000;
    private const long DeadLetterBytesMax = 2 << 20;
    private const byte Persistent = 2;

    private readonly Queue<(ulong Sequence, DeathReason Reason)> _rejected = new();
    private DeadLetterBatch? _deadLetters;
    private int _deadLettersUnderWay;
    private long _deadLetterBytesUnderWay;

    // Of the messages held those that no consumer holds. They are not shown as unacknowledged.
    private int _held;

    private bool IsDeadLetterRoom =>
        Queue.Shard.MayForward && _deadLettersUnderWay + (_deadLetters?.Count ?? 0) < DeadLettersMax
        && _deadLetterBytesUnderWay + (_deadLetters?.Bytes ?? 0) < DeadLetterBytesMax;

    /// <summary>A consumer wants no more of it.</summary>
    public void Reject(ulong sequence, Consumer? consumer)
    {
        if (Queue.Settings.DeadLetterExchange is null || IsDropped)
        {
            Settle(sequence, consumer);
            return;
        }
        Queue.Counters.Settled++;
        Bury(sequence, DeathReason.Rejected);
        Release(consumer);
    }

    /// <summary>The dead letters have arrived.</summary>
    public void EndDeadLetters(DeadLetterBatch batch)
    {
        Queue.Shard.ForwardingEnds();
        _deadLettersUnderWay -= batch.Count;
        _deadLetterBytesUnderWay -= batch.Bytes;
        if (IsDropped)
            return;
        if (_delays is null)
            Queue.Counters.DeadLettered += batch.Count;
        foreach (var sequence in batch.Sequences)
            SettleHeld(sequence);
        Queue.Shard.Touch(this);
    }

    /// <summary>
    /// A message that this queue did not take, being full. It is not in here, so nothing is settled in the end.
    /// </summary>
    public void BuryRefused(scoped StoredMessage message) => Send(0, message, DeathReason.MaxLength);

    // A message that a consumer held. Its bytes may have to be read first, so it waits for the end of the turn.
    private void Bury(ulong sequence, DeathReason reason)
    {
        _held++;
        _rejected.Enqueue((sequence, reason));
    }

    // The message found last, which is ready.
    private void BuryHead(scoped MessageView message, DeathReason reason)
    {
        Take(settles: false);
        _held++;
        Send(message.Sequence, new StoredMessage(message.Bytes), reason);
    }

    private void ServeDeadLetters()
    {
        while (_rejected.Count > 0 && IsDeadLetterRoom)
        {
            var (sequence, reason) = _rejected.Peek();
            var result = Of(sequence).PeekHeld(sequence, out var message);
            if (result == PeekResult.Loading)
                break;
            _rejected.Dequeue();
            if (result == PeekResult.Found)
                Send(sequence, new StoredMessage(message.Bytes), reason);
            else
                _held--;
        }
        if (_deadLetters is not { } batch)
            return;
        _deadLetters = null;
        _deadLettersUnderWay += batch.Count;
        _deadLetterBytesUnderWay += batch.Bytes;
        Queue.Shard.ForwardingBegins();
        batch.Post();
    }

    private void SettleHeld(ulong sequence)
    {
        Of(sequence).Settle(sequence);
        _held--;
    }

    private void Send(ulong sequence, scoped StoredMessage message, DeathReason reason)
    {
        if (Queue.Settings.DeadLetterExchange is not { } exchange
            || !BasicPropertiesReader.TryRead(message.Properties, out var properties))
        {
            // The settings changed since.
            if (sequence != 0)
                SettleHeld(sequence);
            return;
        }
        var death = new Death
        {
            Queue = Queue.NameUtf8, Reason = reason, TimeMs = Queue.Shard.NowMs, Exchange = message.Exchange,
            RoutingKey = message.RoutingKey, Expiration = properties.Expiration, Headers = properties.HeadersBytes,
            HasDeaths = message.HasDeaths, LosesCopies = Queue.Settings.DeadLetterRoutingKey is not null,
        };
        var headers = ArrayPool<byte>.Shared.Rent(DeathHeaders.SizeMax(death.Headers));
        var headersSize = DeathHeaders.Write(headers, death);
        var changed = ArrayPool<byte>.Shared.Rent(message.Properties.Length + headersSize + sizeof(uint));
        var changedSize = BasicPropertiesRewriter.ReplaceHeaders(
            message.Properties, headers.AsSpan(0, headersSize), changed);
        Send(sequence, message, exchange, changed.AsSpan(0, changedSize), properties.DeliveryMode == Persistent,
            reason == DeathReason.Rejected ? default : headers.AsSpan(0, headersSize));
        ArrayPool<byte>.Shared.Return(changed);
        ArrayPool<byte>.Shared.Return(headers);
    }

    private void Send(
        ulong sequence, scoped StoredMessage message, ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> properties,
        bool persistent, ReadOnlySpan<byte> deaths)
    {
        ReadOnlySpan<byte> key = Queue.Settings.DeadLetterRoutingKey is { } own ? own : message.RoutingKey;
        var targets = Queue.Shard.RouteDeadLetter(Queue, exchange, key, properties, out var remember);
        if (targets.IsEmpty && remember is null)
        {
            if (sequence != 0)
                SettleHeld(sequence);
            return;
        }
        var size = StoredMessage.HeadSize(exchange.Length, key.Length, properties.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(size + message.Body.Length);
        StoredMessage.WriteHead(bytes, Queue.Shard.NowMs, exchange, key, properties, message.BodyField);
        StoredMessage.MarkDeaths(bytes);
        message.Body.CopyTo(bytes.AsSpan(size));
        var whole = bytes.AsSpan(0, size + message.Body.Length);
        var body = message.IsBodyApart
            ? Queue.Shard.Store.Bodies.Find(BinaryPrimitives.ReadUInt64LittleEndian(message.Body))
            : null;
        if (remember is not null)
            targets = remember(whole, body);
        var kept = ArrayPool<Queue>.Shared.Rent(Math.Max(1, targets.Length));
        var count = 0;
        foreach (var target in targets)
        {
            // An exchange that holds it back is no queue it has died in, whatever their names.
            if (deaths.IsEmpty || target.IsDelayQueue || !DeathHeaders.IsCycle(deaths, target.NameUtf8))
                kept[count++] = target;
        }
        if (count > 0)
        {
            (_deadLetters ??= new DeadLetterBatch(this)).Add(
                sequence, whole, persistent, expires: false, kept.AsSpan(0, count), body);
        }
        else if (sequence != 0)
        {
            SettleHeld(sequence);
        }
        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<Queue>.Shared.Return(kept, clearArray: true);
    }
}
