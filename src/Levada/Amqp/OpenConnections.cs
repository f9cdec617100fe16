using System.Collections.Concurrent;
using Levada.Auth;
using Levada.Catalog;

namespace Levada.Amqp;

/// <summary>
/// The connections of the broker, from accepted to gone, and what has come and gone. Safe from any thread.
/// </summary>
public sealed class OpenConnections
{
    // By number, so that a simulation finds them in the same order each time.
    private readonly ConcurrentDictionary<long, Connection> _all = new();
    private readonly Lock _admitting = new();
    private long _added;
    private long _opened;
    private long _closed;
    private long _handshakesFailed;
    private long _channelsOpened;
    private long _channelsClosed;
    private readonly MessageCounters _gone = new();

    /// <summary>All of them at this moment, those still in their handshake included.</summary>
    public IEnumerable<Connection> All => _all.Values;

    /// <summary>Connections that have passed connection.open and hold something still.</summary>
    public int RunningCount => (int)(Opened - Closed);

    public int ChannelCount => (int)(ChannelsOpened - ChannelsClosed);

    /// <summary>Counted at connection.open-ok (rule L7).</summary>
    public long Opened => Interlocked.Read(ref _opened);

    public long Closed => Interlocked.Read(ref _closed);

    /// <summary>Connections that sent something and never came to connection.open-ok.</summary>
    public long HandshakesFailed => Interlocked.Read(ref _handshakesFailed);

    public long ChannelsOpened => Interlocked.Read(ref _channelsOpened);

    public long ChannelsClosed => Interlocked.Read(ref _channelsClosed);

    internal void Add(Connection connection)
    {
        connection.Id = Interlocked.Increment(ref _added);
        _all[connection.Id] = connection;
    }

    /// <summary>Gives a connection its virtual host, unless that, the user or the node has all it may have.</summary>
    /// <exception cref="AmqpException">530: which limit is reached (rule A18).</exception>
    internal void Admit(Connection connection, VHost vhost, User? user, int nodeLimit)
    {
        lock (_admitting)
        {
            var name = connection.User.Name;
            if (nodeLimit > 0 && RunningCount >= nodeLimit)
                throw Errors.NodeConnectionLimit(nodeLimit);
            if (vhost.Limits.MaxConnections is { } ofVHost && All.Count(c => c.IsOpen && c.VHost == vhost) >= ofVHost)
                throw Errors.VHostConnectionLimit(vhost.Name, name, ofVHost);
            if (user?.MaxConnections is { } ofUser && All.Count(c => c.IsOpen && c.UserName == name) >= ofUser)
                throw Errors.UserConnectionLimit(name, ofUser);
            connection.VHost = vhost;
            Interlocked.Increment(ref _opened);
        }
    }

    /// <summary>Channels open on all connections of a user.</summary>
    internal int ChannelCountOf(string user) => All.Where(c => c.UserName == user).Sum(static c => c.ChannelCount);

    internal void CountChannelOpened() => Interlocked.Increment(ref _channelsOpened);

    internal void CountChannelClosed() => Interlocked.Increment(ref _channelsClosed);

    /// <summary>All that it held is put back and its exclusive queues are gone.</summary>
    internal void CountClosed() => Interlocked.Increment(ref _closed);

    /// <summary>Its socket is gone too.</summary>
    internal void Remove(Connection connection)
    {
        if (!_all.TryRemove(connection.Id, out _))
            return;
        if (connection.VHost is null && connection.Counters.BytesReceived > 0)
            Interlocked.Increment(ref _handshakesFailed);
        lock (_gone)
            _gone.Add(connection.Counters);
    }

    /// <summary>What all connections there ever were have done.</summary>
    public MessageCounters Total()
    {
        var total = new MessageCounters();
        lock (_gone)
            total.Add(_gone);
        foreach (var connection in All)
            total.Add(connection.Counters);
        return total;
    }
}
