using Levada.Amqp;
using Levada.Queues;

namespace Levada.Warnings;

/// <summary>Consumers that do not acknowledge, and channels whose unacknowledged deliveries only become more.</summary>
internal sealed class ChannelRules(WarningOptions options, WarningBoard board, TimeProvider time)
{
    private const string NoAckAdvice =
        "Acknowledge each delivery when its work is done, also after an error, on the channel that it came on; or "
        + "consume with no-ack";

    private const string GrowthAdvice =
        "Set a prefetch (basic.qos), so that no more is sent than the consumer has time for, and acknowledge each "
        + "delivery";

    private readonly Dictionary<Channel, Growth> _growing = [];
    private readonly long _growthMs = (long)options.UnackedGrowthTime.TotalMilliseconds;
    private long _look;

    /// <summary>After so long without an acknowledgement a channel is asked which of its consumers is stuck.</summary>
    public long StuckMs { get; } = (long)options.NoAckTime.TotalMilliseconds;

    public void Judge(Connection connection, in ChannelLook look, long nowMs)
    {
        if (look.Stuck is { } consumer)
            Stuck(connection, look.Channel, consumer, look.UnsettledMs);
        else if (_growthMs > 0 && look.Channel.Unacknowledged >= options.UnackedGrowthMin)
            JudgeGrowth(connection, look.Channel, nowMs);
    }

    /// <summary>Forgets channels that do not hold much any more.</summary>
    public void EndLook()
    {
        foreach (var (channel, growing) in _growing)
        {
            if (growing.Look != _look)
                _growing.Remove(channel);
        }
        _look++;
    }

    private void Stuck(Connection connection, Channel channel, Consumer consumer, long forMs)
    {
        var held = channel.Unacknowledged;
        var limit = consumer.Prefetch > 0 ? $"its prefetch is {consumer.Prefetch}" : "its prefetch is that of the "
            + "channel or unlimited";
        Report(
            connection, channel, forMs,
            $"consumer '{consumer.Tag}' of queue '{consumer.Queue.Name}' holds all the deliveries that it may ({limit})"
                + $"; the channel has {held} unacknowledged and has settled none for {WarningText.Time(forMs)}",
            NoAckAdvice,
            new Dictionary<string, double>
            {
                ["unacknowledged"] = held,
                ["prefetch"] = consumer.Prefetch,
                ["nothing_settled_seconds"] = forMs / 1000.0,
                ["acknowledged"] = channel.Counters.Acknowledged,
            });
    }

    private void JudgeGrowth(Connection connection, Channel channel, long nowMs)
    {
        if (!_growing.TryGetValue(channel, out var growth))
            _growing.Add(channel, growth = new Growth(_growthMs, mustDouble: true));
        growth.Look = _look;
        growth.Add(channel.Unacknowledged, nowMs);
        if (growth.Found is not { } unacked)
            return;
        Report(
            connection, channel, unacked.Window,
            $"{channel.Unacknowledged} deliveries are unacknowledged, {unacked.Gained} more than "
                + $"{WarningText.Time(unacked.Window)} before, and they become more all the time",
            GrowthAdvice,
            new Dictionary<string, double>
            {
                ["unacknowledged"] = channel.Unacknowledged,
                ["unacknowledged_gained"] = unacked.Gained,
                ["gained_in_seconds"] = unacked.Window / 1000.0,
                ["acknowledged"] = channel.Counters.Acknowledged,
            });
    }

    private void Report(
        Connection connection, Channel channel, long forMs, string what, string advice,
        Dictionary<string, double> figures) =>
        board.Report(WarningName.NoAcknowledgements, channel, () => Warning.Of(
            connection, WarningName.NoAcknowledgements, what, advice,
            time.GetUtcNow() - TimeSpan.FromMilliseconds(forMs), figures) with
        { Channel = channel.Number });
}
