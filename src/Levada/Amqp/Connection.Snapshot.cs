using System.Net.Security;
using Levada.Platform;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What a connection tells of itself, to whoever asks and at once: figures are counted, not sampled.</summary>
public sealed partial class Connection
{
    private long _stateSinceMs;
    private long _blockedSinceMs;
    private Throttle _throttle;
    private RateBase<MessageCounters>? _rates;

    public DateTimeOffset ConnectedAt { get; }

    /// <summary>
    /// What it is counted with: node, vhost, user, product; none before connection.open. Under the lock of
    /// <see cref="OpenConnections"/>, as the two below.
    /// </summary>
    internal Usage[] Usages { get; set; } = [];

    /// <summary>The same by its address, from its arrival.</summary>
    internal Usage? Address { get; set; }

    /// <summary>Its address has opened too many in too short a time; 0 if not.</summary>
    internal int RetryAfterMs { get; set; }

    /// <summary>What was done here since it was accepted.</summary>
    public MessageCounters Counters { get; } = new();

    public ConnectionState State
    {
        get;
        private set
        {
            field = value;
            _stateSinceMs = Environment.TickCount64;
        }
    }

    /// <summary>The connection at this moment. Takes its turn; from any thread.</summary>
    public ConnectionSnapshot TakeSnapshot()
    {
        lock (_turn)
            return Snapshot(Environment.TickCount64);
    }

    /// <summary>Its channels at this moment, in the order of their numbers. Takes its turn; from any thread.</summary>
    public IReadOnlyList<ChannelSnapshot> TakeChannelSnapshots()
    {
        var nowMs = Environment.TickCount64;
        lock (_turn)
            return [.. _channels.Values.OrderBy(static c => c.Number).Select(c => c.Snapshot(nowMs))];
    }

    /// <summary>One of its channels; null if that number is not open.</summary>
    public ChannelSnapshot? TakeChannelSnapshot(ushort number)
    {
        lock (_turn)
            return _channels.GetValueOrDefault(number)?.Snapshot(Environment.TickCount64);
    }

    /// <summary>The oldest unacknowledged deliveries of each channel. Takes its turn; from any thread.</summary>
    internal void AddUnacknowledged(Queue queue, int max, List<UnacknowledgedDelivery> to)
    {
        lock (_turn)
        {
            foreach (var channel in _channels.Values)
                channel.AddUnacknowledged(queue, max, to);
        }
    }

    /// <summary>What it adds to the node's figures. Takes its turn; from any thread.</summary>
    internal void AddTo(NodeSnapshot node)
    {
        lock (_turn)
            AddToNode(node, Environment.TickCount64);
    }

    private void AddToNode(NodeSnapshot node, long nowMs)
    {
        node.CountConnection(StateName(nowMs).Name, _channels.Count);
        node.Held += Held();
        foreach (var channel in _channels.Values)
            node.CountChannel(channel.StateName(nowMs).Name, channel.ConsumerCount);
    }

    private ConnectionSnapshot Snapshot(long nowMs)
    {
        var counters = Counters.Copy();
        var (before, over) = RatesAt(counters, nowMs);
        var (state, sinceMs) = StateName(nowMs);
        var tls = _stream as SslStream;
        return new ConnectionSnapshot
        {
            Name = Name,
            ClientName = ClientName,
            State = state,
            InStateFor = Ago(sinceMs, nowMs),
            VHost = VHost?.Name ?? "",
            User = UserName ?? "",
            Peer = Peer,
            Local = _transport.Local,
            IsTls = IsTls,
            TlsVersion = tls?.SslProtocol ?? default,
            Certificate = _transport.Certificate?.Facts,
            TlsCipher = tls?.NegotiatedCipherSuite.ToString() ?? "",
            Mechanism = _mechanism,
            ConnectedAt = ConnectedAt,
            ChannelMax = ChannelMax,
            FrameMax = FrameMax,
            Heartbeat = Heartbeat,
            ClientProperties = ClientProperties,
            Channels = _channels.Count,
            ChannelsOpened = ChannelsOpened,
            Consumers = _channels.Values.Sum(static c => c.ConsumerCount),
            Unacknowledged = _channels.Values.Sum(static c => (long)c.Unacknowledged),
            Unconfirmed = _channels.Values.Sum(static c => c.Unconfirmed),
            Uncommitted = _channels.Values.Sum(static c => (long)c.Uncommitted),
            Counters = counters,
            Before = before,
            RatesOver = over,
            LastReceivedAgo = Ago(LastReceivedMs, nowMs),
            LastSentAgo = Ago(Outbox.LastSentMs, nowMs),
            HeartbeatsMissed = Heartbeat == 0 ? 0 : (int)((nowMs - LastReceivedMs) / (Heartbeat * 1000)),
            RoundTripTime = _transport.Socket is { } socket ? TcpInfo.RoundTripTime(socket) : null,
            SendPending = Outbox.Waiting,
            Held = Held(),
            Memory = MemoryBytes,
        };
    }

    private HeldBytes Held()
    {
        // The buffer is the reading loop's, which may be at it: the length of what it has or had is near enough.
        var held = new HeldBytes(
            _buffer.Length + (_scratch?.Length ?? 0), Parked: 0, Content: 0, Uncommitted: 0, Unsettled: 0, Outbox.Held,
            Volatile.Read(ref _posted));
        foreach (var channel in _channels.Values)
            held += channel.Held;
        return held;
    }

    private string StateText => StateName(Environment.TickCount64).Name;

    // As RabbitMQ names states; flow, blocking and blocked are shades of running (rule D16).
    private (string Name, long SinceMs) StateName(long nowMs)
    {
        switch (State)
        {
            case ConnectionState.AwaitingHeader or ConnectionState.Starting:
                return ("starting", StartedMs);
            case ConnectionState.Running when _isBlocked:
                return ("blocked", _blockedSinceMs);
            case ConnectionState.Running when Broker.Alarms.IsRaised:
                return ("blocking", Broker.Alarms.SinceMs);
            case ConnectionState.Running when _throttle.IsShown(nowMs) || _isPaused:
                return ("flow", _throttle.SinceMs);
            case ConnectionState.Running:
                return ("running", Math.Max(_stateSinceMs, _throttle.EndMs));
            default:
                return (State.ToString().ToLowerInvariant(), _stateSinceMs);
        }
    }

    private void MarkThrottled() => _throttle.Mark(Environment.TickCount64);

    private static TimeSpan Ago(long thenMs, long nowMs) => TimeSpan.FromMilliseconds(Math.Max(0, nowMs - thenMs));
}
