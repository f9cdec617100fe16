using Levada.Amqp;

namespace Levada.Warnings;

/// <summary>Leaking channels, unused channels, connections that an alarm blocks in the midst of consuming.</summary>
internal sealed class ConnectionRules(WarningOptions options, WarningBoard board, TimeProvider time)
{
    private const string LeakAdvice =
        "Close a channel when its work is done, also after an error, or keep one a thread and use it again";

    private const string IdleAdvice =
        "Open a channel when it is needed and not before; make the pool of channels smaller";

    private const string BlockedAdvice =
        "Publish and consume on connections of their own, so that consuming does not wait with publishing";

    private readonly Dictionary<Connection, ConnectionTrack> _tracks = [];
    private readonly long _leakMs = (long)options.ChannelLeakTime.TotalMilliseconds;
    private long _look;

    public void Judge(Connection connection, ConnectionTally tally, long nowMs)
    {
        JudgeLeak(connection, tally, nowMs);
        JudgeIdle(connection, tally);
        JudgeBlocked(connection, tally, nowMs);
    }

    /// <summary>Forgets connections that there was nothing to remember of.</summary>
    public void EndLook()
    {
        foreach (var (connection, track) in _tracks)
        {
            if (track.Look != _look)
                _tracks.Remove(connection);
        }
        _look++;
    }

    private void JudgeLeak(Connection connection, ConnectionTally tally, long nowMs)
    {
        if (_leakMs == 0 || tally.Channels < options.ChannelLeakMin)
            return;
        var channels = Track(connection).Channels;
        channels.Add(tally.Channels, nowMs);
        // A client may well open ever more channels, if it has use for them. A warning that stands ends later than it
        // began, or one old channel used again would end it for a moment.
        var parts = board.IsStanding(WarningName.ChannelLeak, connection) ? 3 : 2;
        if (channels.Found is not { } rising || tally.LeftOver * parts < tally.Channels)
            return;
        board.Report(WarningName.ChannelLeak, connection, () => Warning.Of(
            connection, WarningName.ChannelLeak,
            $"{tally.Channels} channels are open, {rising.Gained} more than {Time(rising.Window)} before and never "
                + $"fewer in between; {tally.LeftOver} were of no use for {Time(_leakMs)}",
            LeakAdvice, Since(rising.Window),
            new Dictionary<string, double>
            {
                ["channels"] = tally.Channels,
                ["channels_gained"] = rising.Gained,
                ["gained_in_seconds"] = rising.Window / 1000.0,
                ["channels_left_over"] = tally.LeftOver,
                ["channels_opened"] = connection.ChannelsOpened,
            }));
    }

    private void JudgeIdle(Connection connection, ConnectionTally tally)
    {
        if (options.IdleChannelsTime == TimeSpan.Zero || tally.Unused < options.IdleChannelsMin)
            return;
        board.Report(WarningName.IdleChannels, connection, () => Warning.Of(
            connection, WarningName.IdleChannels,
            $"{tally.Unused} of {tally.Channels} channels are unused since they were opened, the first for "
                + $"{Time(tally.UnusedMs)} (numbers {tally.UnusedNumbers})",
            IdleAdvice, Since(tally.UnusedMs),
            new Dictionary<string, double>
            {
                ["channels"] = tally.Channels,
                ["channels_unused"] = tally.Unused,
                ["unused_seconds"] = tally.UnusedMs / 1000.0,
            }));
    }

    private void JudgeBlocked(Connection connection, ConnectionTally tally, long nowMs)
    {
        if (options.BlockedTime == TimeSpan.Zero || !tally.Consumes || !connection.IsBlocked)
        {
            if (_tracks.TryGetValue(connection, out var old))
                old.BlockedSinceMs = 0;
            return;
        }
        var track = Track(connection);
        if (track.BlockedSinceMs == 0)
            track.BlockedSinceMs = nowMs;
        var blockedMs = nowMs - track.BlockedSinceMs;
        if (blockedMs < options.BlockedTime.TotalMilliseconds)
            return;
        board.Report(WarningName.BlockedConsumer, connection, () => Warning.Of(
            connection, WarningName.BlockedConsumer,
            $"its publishes wait for the end of an alarm, for {Time(blockedMs)} now, and it consumes as well",
            BlockedAdvice, Since(blockedMs),
            new Dictionary<string, double> { ["blocked_seconds"] = blockedMs / 1000.0 }));
    }

    private ConnectionTrack Track(Connection connection)
    {
        if (!_tracks.TryGetValue(connection, out var track))
            _tracks.Add(connection, track = new ConnectionTrack(_leakMs));
        track.Look = _look;
        return track;
    }

    private DateTimeOffset Since(long agoMs) => time.GetUtcNow() - TimeSpan.FromMilliseconds(agoMs);

    private static string Time(long ms) => WarningText.Time(ms);
}
