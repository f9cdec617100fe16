using System.Net;

namespace Levada.Amqp;

/// <summary>
/// A connection as it is, for who looks at many and shows few: nothing is copied. Its figures are good in the turn in
/// which it was given; the connection is good for ever.
/// </summary>
public readonly struct ConnectionFigures
{
    private readonly long _nowMs;

    internal ConnectionFigures(Connection connection, long nowMs) => (Connection, _nowMs) = (connection, nowMs);

    public Connection Connection { get; }

    public string State => Connection.StateAt(_nowMs);

    public int Channels => Connection.ChannelCount;

    public long Consumers => Connection.SumOfChannels(static c => c.ConsumerCount);

    public long Unacknowledged => Connection.SumOfChannels(static c => c.Unacknowledged);

    public long Unconfirmed => Connection.SumOfChannels(static c => c.Unconfirmed);

    public long SendPending => Connection.Outbox.Waiting;

    public HeldBytes Held => Connection.HeldNow;

    /// <summary>Bytes of all its memory, what it holds and its channels included.</summary>
    public long Memory => Connection.MemoryBytes;

    public long LastReceivedMs => Math.Max(0, _nowMs - Connection.LastReceivedMs);

    public MessageCounters Counters => Connection.Counters;

    /// <summary>The counters of some seconds ago, and how many.</summary>
    public (MessageCounters Before, TimeSpan Over) Rates => Connection.RatesAt(Connection.Counters, _nowMs);

    public EndPoint? Peer => Connection.Peer;
}
