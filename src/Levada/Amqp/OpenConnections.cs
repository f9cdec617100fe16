using System.Collections.Concurrent;
using Levada.Catalog;
using Levada.Counting;

namespace Levada.Amqp;

/// <summary>
/// The connections of the broker, from accepted to gone, and what has come and gone. Safe from any thread. What is open
/// and was opened is counted under one lock (_counting, a leaf), together with the limits on it: nothing is counted
/// that was refused, and each is given back once, before the client can know that it is over.
/// </summary>
public sealed partial class OpenConnections
{
    // By number, so that a simulation finds them in the same order each time.
    private readonly ConcurrentDictionary<long, Connection> _all = new();
    private readonly Lock _counting = new();
    private readonly Broker _broker;
    private long _added;
    private long _handshakesFailed;
    private readonly MessageCounters _gone = new();

    // Under the lock of _gone.
    private Uncounted _uncounted;

    internal OpenConnections(Broker broker)
    {
        _broker = broker;
        var options = broker.Options;
        var nowMs = Environment.TickCount64;
        _node = new Usage(UsageKind.Node, broker.NodeName, nowMs);
        _vhosts = new UsageTable(UsageKind.VHost, KeptNames, rate: 0);
        _users = new UsageTable(UsageKind.User, KeptNames, options.ConnectionRatePerUser);
        _products = new UsageTable(UsageKind.Product, KeptProducts, rate: 0, grows: false);
        _names = new UsageTable(UsageKind.ConnectionName, KeptConnectionNames, rate: 0, grows: false);
        _addresses = new UsageTable(UsageKind.Address, KeptNames, options.ConnectionRatePerAddress);
    }

    /// <summary>
    /// All of them, those still in their handshake included; of those that come or go meanwhile some.
    /// </summary>
    // Not Values, which copies them under all of its locks: every second, for each look at the overview, ...
    public IEnumerable<Connection> All => _all.Select(static numbered => numbered.Value);

    /// <summary>What has come and gone in the whole node.</summary>
    public Churn Churn
    {
        get
        {
            lock (_counting)
                return _node.Total;
        }
    }

    /// <summary>Connections that have passed connection.open and hold something still.</summary>
    public int RunningCount => (int)Churn.Connections;

    public int ChannelCount => (int)Churn.Channels;

    /// <summary>Connections that sent something and never came to connection.open-ok.</summary>
    public long HandshakesFailed => Interlocked.Read(ref _handshakesFailed);

    /// <summary>False if its address has twice as many as it may: then it is not even answered.</summary>
    internal bool Add(Connection connection)
    {
        if (!CountArrival(connection))
            return false;
        connection.Id = Interlocked.Increment(ref _added);
        _all[connection.Id] = connection;
        return true;
    }

    /// <summary>Its socket is gone too.</summary>
    internal void Remove(Connection connection)
    {
        // It counts among those that are there or those that are gone, at any moment.
        lock (_gone)
        {
            if (!_all.TryRemove(connection.Id, out _))
                return;
            if (connection.VHost is null && connection.Counters.BytesReceived > 0)
                Interlocked.Increment(ref _handshakesFailed);
            _gone.Add(connection.Counters);
            connection.VHost?.Gone.Add(connection.Counters);
        }
    }

    /// <summary>What all connections there ever were have done in each virtual host.</summary>
    public IReadOnlyDictionary<VHost, MessageCounters> TotalsByVHost()
    {
        var totals = new Dictionary<VHost, MessageCounters>();
        lock (_gone)
        {
            foreach (var connection in All)
            {
                if (connection.VHost is { } vhost)
                    Of(vhost).Add(connection.Counters);
            }
            foreach (var vhost in _broker.Catalog.VHosts)
                Of(vhost).Add(vhost.Gone);
        }
        return totals;

        MessageCounters Of(VHost vhost) =>
            totals.TryGetValue(vhost, out var counters) ? counters : totals[vhost] = new MessageCounters();
    }

    /// <summary>What was published to exchanges up to now. Takes the turn of each connection.</summary>
    public ExchangeCounts CountExchanges()
    {
        var counts = new ExchangeCounts();
        foreach (var connection in All)
            connection.AddTo(counts);
        return counts;
    }

    /// <summary>
    /// Messages that channels had no room to count by exchange or queue. Takes the turn of each connection.
    /// </summary>
    public Uncounted CountUncounted()
    {
        var sum = default(Uncounted);
        foreach (var connection in All)
            connection.VisitChannels(channel => sum += channel.Uncounted);
        lock (_gone)
            return sum + _uncounted;
    }

    /// <summary>A channel ends.</summary>
    internal void AddUncounted(Uncounted uncounted)
    {
        if (uncounted == default)
            return;
        lock (_gone)
            _uncounted += uncounted;
    }

    /// <summary>What all connections there ever were have done.</summary>
    public MessageCounters Total()
    {
        var total = new MessageCounters();
        lock (_gone)
        {
            total.Add(_gone);
            foreach (var connection in All)
                total.Add(connection.Counters);
        }
        return total;
    }
}
