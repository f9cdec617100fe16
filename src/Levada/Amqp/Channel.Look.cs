using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What the looks see of a channel. Ages go by the looks' own clock and begin with the first look.</summary>
internal sealed partial class Channel
{
    private long _framesSeen;
    private long _settledSeen;
    private long _quietSinceMs = -1;
    private long _unsettledSinceMs = -1;

    /// <param name="nowMs">By the looks' clock.</param>
    /// <param name="stuckMs">
    /// A consumer is looked for when nothing has been settled for as long; 0 is never.
    /// </param>
    public ChannelLook Look(long nowMs, long stuckMs)
    {
        var frames = Counters.FramesReceived + Counters.HandedOut;
        if (frames != _framesSeen || _quietSinceMs < 0)
            (_framesSeen, _quietSinceMs) = (frames, nowMs);
        var settled = Counters.Acknowledged + Counters.Rejected + Counters.Requeued;
        if (Unacknowledged == 0 || settled != _settledSeen || _unsettledSinceMs < 0)
            (_settledSeen, _unsettledSinceMs) = (settled, nowMs);
        var unsettledMs = nowMs - _unsettledSinceMs;
        return new ChannelLook(
            this,
            nowMs - _quietSinceMs,
            IsUnused: ConsumerCount == 0 && Counters.Published + Counters.HandedOut + Counters.GotEmpty == 0,
            IsIdle: ConsumerCount == 0 && Unacknowledged == 0 && Uncommitted == 0 && Unconfirmed == 0,
            unsettledMs,
            stuckMs > 0 && unsettledMs >= stuckMs ? FindStuck() : null);
    }

    // The shard's and the outbox lock's figures are read without them: a look that is a moment late does no harm.
    private Consumer? FindStuck()
    {
        if (_consumers is null)
            return null;
        var isChannelFull = _globalPrefetch > 0 && _consumed >= _globalPrefetch;
        foreach (var consumer in _consumers.Values)
        {
            var isFull = isChannelFull
                || (consumer.Prefetch > 0 ? consumer.Unacked >= consumer.Prefetch : _globalPrefetch == 0);
            if (!consumer.NoAck && consumer.Unacked > 0 && isFull)
                return consumer;
        }
        return null;
    }
}
