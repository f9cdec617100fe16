using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>
/// What time does to a connection: deadlines, heartbeats, clients that stopped reading (rules A4, B1-B7, F6).
/// </summary>
public sealed partial class Connection
{
    // A peer is dead when nothing came for this many intervals: between two and three (rule B3).
    private const double MissedIntervals = 2.5;

    private bool _isPaused;

    // Channels with a consumer whose deliveries must be settled in time. Owner: the turn.
    private readonly HashSet<Channel> _timed = [];
    private bool _hasTimeouts;

    /// <summary>Looks at the clock; called a few times a second, on a thread of the pool.</summary>
    internal void Tick(long nowMs)
    {
        if (nowMs >= DeadlineMs)
        {
            // All was said; that the client keeps its half open is no news.
            if (State == ConnectionState.Closed && !Outbox.IsSending)
                DisposeStream();
            else
                MissDeadline();
            return;
        }
        if (State == ConnectionState.Running)
            WatchChannels();
        if (State == ConnectionState.Running && Volatile.Read(ref _hasTimeouts))
            RunOnTurn(CheckTimeouts);
        if (Heartbeat == 0 || State != ConnectionState.Running)
            return;
        var limitMs = Heartbeat * 1000 * MissedIntervals;
        // While it is not read, its silence is our doing (rule B5).
        if (!Volatile.Read(ref _isPaused) && nowMs - LastReceivedMs > limitMs)
            MissHeartbeats($"missed heartbeats from client, timeout: {Heartbeat}s");
        else if (Outbox.SendingSinceMs is > 0 and var since && nowMs - since > limitMs)
            MissHeartbeats($"client has not read for {(nowMs - since) / 1000}s, heartbeat: {Heartbeat}s");
        else if (nowMs - Outbox.LastSentMs >= Heartbeat * 500)
            SendHeartbeat();
    }

    /// <summary>The channel has a consumer with a timeout (rule K12).</summary>
    internal void WatchTimeouts(Channel channel)
    {
        _timed.Add(channel);
        Volatile.Write(ref _hasTimeouts, true);
    }

    private void CheckTimeouts()
    {
        if (State != ConnectionState.Running)
            return;
        _timed.RemoveWhere(static channel => channel.IsOver);
        foreach (var channel in _timed)
        {
            _current = channel;
            Guarded(channel.EndOverdue);
        }
        Volatile.Write(ref _hasTimeouts, _timed.Count > 0);
    }

    private void MissDeadline()
    {
        if (VHost is not null || State is ConnectionState.Closing or ConnectionState.Closed)
        {
            Abort("the client did not finish closing in time");
            return;
        }
        Broker.Limits.HandshakeTime.CountRefused();
        Abort($"handshake_timeout of {Broker.Options.HandshakeTimeout.TotalSeconds:0.#} s in state {StateText}");
    }

    private void MissHeartbeats(string reason)
    {
        Broker.Limits.Heartbeats.CountRefused();
        Abort(reason);
    }

    // Owner: the ticker.
    private bool _nearChannels;

    private void WatchChannels()
    {
        var (used, max) = (_channels.Count, ChannelMax);
        if (Limit.Changes(used, max, max > 0, ref _nearChannels))
            Broker.Limits.Tell(_nearChannels, $"connection {this}", "channels", used, max, Broker.Limits.Channels.Key);
    }

    private void SendHeartbeat()
    {
        lock (Outbox.Lock)
        {
            FrameWriter.WriteHeartbeat(Outbox.GetSpan(0, FrameWriter.HeartbeatSize));
            Outbox.Advance(FrameWriter.HeartbeatSize);
        }
        Outbox.Flush();
    }
}
