using System.Buffers;
using System.Buffers.Binary;
using Levada.Protocol;
using Levada.Storage;

namespace Levada.Queues;

// The queue behind an x-delayed-message exchange. Messages lie in it like in any other, on disk if they must; nobody
// consumes from it, but each is routed when its time has come, and goes on like a dead letter does: first to the queues
// it goes to, then out of here.
internal sealed partial class QueueState
{
    private const int DueAtOnce = 1_000;

    private readonly DelayIndex? _delays = queue.IsDelayQueue ? new DelayIndex(messages.NextSequence) : null;
    private readonly DueMessages? _due = queue.IsDelayQueue ? new DueMessages() : null;

    /// <summary>Its messages wait for their time.</summary>
    public bool IsDelay => _delays is not null;

    /// <summary>A message that is just about to be added waits for as long as it says.</summary>
    public void HoldBack(scoped StoredMessage message) => _delays!.Add(DueMs(message), Messages.NextSequence);

    private static long DueMs(scoped StoredMessage message) =>
        BasicPropertiesReader.TryRead(message.Properties, out var properties)
            ? message.TimestampMs + Delay.Of(properties.HeadersBytes)
            : message.TimestampMs;

    /// <summary>At the end of a turn. True if there is more to do.</summary>
    private bool ServeDelays(DelayIndex delays)
    {
        if (Queue.IsDeleted || (!delays.IsComplete && !FindRecovered(delays)))
            return HasRemovedAll;
        while (IsDeadLetterRoom && TakeDue(delays) && MayRemove())
        {
            if (!_due!.TryTake(Messages, out var sequence, out var bytes, out var length))
                break;
            if (bytes is null)
                continue;
            _held++;
            RouteDue(sequence, new StoredMessage(bytes.AsSpan(0, length)));
            ArrayPool<byte>.Shared.Return(bytes);
        }
        ServeDeadLetters();
        // Those that are late come when there is room for them, or when they are read.
        if (delays.Count > 0 && delays.Next.DueMs > Queue.Shard.NowMs)
            Queue.Shard.WakeTimes.Wake(this, delays.Next.DueMs);
        return HasRemovedAll;
    }

    // After a start: what was there is read once, a piece a turn. False until all of it was.
    private bool FindRecovered(DelayIndex delays)
    {
        while (MayRemove())
        {
            var result = Messages.Peek(out var message);
            if (result == PeekResult.Loading)
                return false;
            if (result == PeekResult.Empty || message.Sequence >= delays.RecoveredTo)
            {
                Messages.EndSkipping();
                return delays.IsComplete = true;
            }
            delays.Add(DueMs(new StoredMessage(message.Bytes)), message.Sequence);
            Messages.Skip();
        }
        return false;
    }

    private bool TakeDue(DelayIndex delays)
    {
        for (var room = _due!.IsEmpty ? DueAtOnce : 0; room > 0; room--)
        {
            if (delays.Count == 0 || delays.Next.DueMs > Queue.Shard.NowMs)
                break;
            _due.Add(delays.Next.Sequence);
            delays.RemoveNext();
        }
        return !_due.IsEmpty;
    }

    // By the bindings of this moment, with all its keys; those of BCC are not shown to anybody.
    private void RouteDue(ulong sequence, scoped StoredMessage message)
    {
        BasicPropertiesReader.TryRead(message.Properties, out var properties);
        var size = message.Properties.Length + Delay.NegatedSize;
        var negated = ArrayPool<byte>.Shared.Rent(size);
        var hidden = ArrayPool<byte>.Shared.Rent(size);
        var changed = negated.AsSpan(0, Delay.Negate(
            message.Properties, Delay.Of(properties.HeadersBytes), negated));
        var targets = Queue.Shard.RouteDeadLetter(
            Queue, Queue.NameUtf8, message.RoutingKey, changed, out var remember);
        changed = hidden.AsSpan(0, BasicPropertiesRewriter.RemoveHeader(changed, "BCC"u8, hidden));
        if (targets.IsEmpty && remember is null)
            SettleHeld(sequence);
        else
            Forward(sequence, message, changed, properties, targets, remember);
        ArrayPool<byte>.Shared.Return(hidden);
        ArrayPool<byte>.Shared.Return(negated);
    }

    private void Forward(
        ulong sequence, scoped StoredMessage message, ReadOnlySpan<byte> changed,
        scoped in BasicPropertiesReader properties, ReadOnlySpan<Queue> targets, RememberDeadLetter? remember)
    {
        var headSize = StoredMessage.HeadSize(message.Exchange.Length, message.RoutingKey.Length, changed.Length);
        var size = headSize + message.Body.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(size);
        // Its time to live begins now.
        StoredMessage.WriteHead(
            bytes, Queue.Shard.NowMs, message.Exchange, message.RoutingKey, changed, message.BodyField);
        if (message.HasDeaths)
            StoredMessage.MarkDeaths(bytes);
        message.Body.CopyTo(bytes.AsSpan(headSize));
        var body = message.IsBodyApart
            ? Queue.Shard.Store.Bodies.Find(BinaryPrimitives.ReadUInt64LittleEndian(message.Body))
            : null;
        if (remember is not null)
            targets = remember(bytes.AsSpan(0, size), body);
        if (targets.IsEmpty)
        {
            SettleHeld(sequence);
        }
        else
        {
            (_deadLetters ??= new DeadLetterBatch(this)).Add(
                sequence, bytes.AsSpan(0, size), properties.DeliveryMode == Persistent,
                properties.Has(BasicPropertyFlags.Expiration), targets, body);
        }
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
