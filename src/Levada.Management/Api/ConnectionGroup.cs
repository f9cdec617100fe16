using System.Collections.Immutable;
using Levada.Amqp;

namespace Levada.Management.Api;

/// <summary>Sums over the connections of a group, while they are gone through.</summary>
internal sealed class ConnectionGroup
{
    private readonly Dictionary<string, int> _states = [];
    private int _connections;
    private int _channels;
    private int _channelsMost;
    private long _channelsOpened;
    private int _consumers;
    private (long Unacknowledged, long Unconfirmed, long Uncommitted) _messages;
    private Flow _received;
    private Flow _sent;
    private Flow _published;
    private Flow _delivered;
    private long _held;
    private long _memory;
    private int _warnings;
    private DateTimeOffset _first = DateTimeOffset.MaxValue;
    private DateTimeOffset _last;

    public void Add(ConnectionSnapshot c, int warnings)
    {
        var (now, before, over) = (c.Counters, c.Before, c.RatesOver);
        _states[c.State] = _states.GetValueOrDefault(c.State) + 1;
        _connections++;
        _channels += c.Channels;
        _channelsMost = Math.Max(_channelsMost, c.Channels);
        _channelsOpened += c.ChannelsOpened;
        _consumers += c.Consumers;
        _messages = (_messages.Unacknowledged + c.Unacknowledged, _messages.Unconfirmed + c.Unconfirmed,
            _messages.Uncommitted + c.Uncommitted);
        _received.Add(now.BytesReceived, before.BytesReceived, over);
        _sent.Add(now.BytesSent, before.BytesSent, over);
        _published.Add(now.Published, before.Published, over);
        _delivered.Add(now.HandedOut, before.HandedOut, over);
        _held += c.Held.Total;
        _memory += c.Memory;
        _warnings += warnings;
        _first = c.ConnectedAt < _first ? c.ConnectedAt : _first;
        _last = c.ConnectedAt > _last ? c.ConnectedAt : _last;
    }

    /// <param name="key">What they have in common, by the keys of the reply.</param>
    public ConnectionGroupReply ToReply(ImmutableArray<(string Field, string Value)> key)
    {
        return new ConnectionGroupReply
        {
            User = Common("user"),
            Vhost = Common("vhost"),
            Product = Common("product"),
            Platform = Common("platform"),
            ConnectionName = Common("connection_name"),
            PeerHost = Common("peer_host"),
            State = Common("state"),
            Connections = _connections,
            Channels = _channels,
            ChannelsMost = _channelsMost,
            ChannelsOpened = _channelsOpened,
            ConsumerCount = _consumers,
            MessagesUnacknowledged = _messages.Unacknowledged,
            MessagesUnconfirmed = _messages.Unconfirmed,
            MessagesUncommitted = _messages.Uncommitted,
            RecvOct = _received.Total,
            RecvOctDetails = _received.ToReply(),
            SendOct = _sent.Total,
            SendOctDetails = _sent.ToReply(),
            Publish = _published.Total,
            PublishDetails = _published.ToReply(),
            DeliverGet = _delivered.Total,
            DeliverGetDetails = _delivered.ToReply(),
            HeldBytes = _held,
            Memory = _memory,
            Warnings = _warnings,
            ConnectedAtFirst = _first.ToUnixTimeMilliseconds(),
            ConnectedAtLast = _last.ToUnixTimeMilliseconds(),
            States = _states,
        };

        string? Common(string field)
        {
            foreach (var (name, value) in key)
            {
                if (name == field)
                    return value;
            }
            return null;
        }
    }

    private struct Flow
    {
        private double _rate;

        public long Total { get; private set; }

        public void Add(long now, long before, TimeSpan over)
        {
            Total += now;
            _rate += (now - before) / over.TotalSeconds;
        }

        public readonly RateReply ToReply() => new(Math.Round(_rate, 2));
    }
}
