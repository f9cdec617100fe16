using System.Net;
using Levada.Accounting;
using Levada.Auth;
using Levada.Catalog;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>Limits checked and counted in one step: by node, virtual host, user, client product and address.</summary>
public sealed partial class OpenConnections
{
    // So many virtual hosts, users and addresses are remembered while they have nothing open, and client products.
    private const int KeptNames = 1_000;
    private const int KeptProducts = 100;
    private const int ProductNameMax = 64;
    private const int KeptConnectionNames = 1_000;
    private const int ConnectionNameMax = 128;

    private readonly Usage _node;
    private readonly UsageTable _vhosts;
    private readonly UsageTable _users;
    private readonly UsageTable _products;
    private readonly UsageTable _names;
    private readonly UsageTable _addresses;

    private BrokerOptions Options => _broker.Options;

    private Limits Limits => _broker.Limits;

    private bool CountArrival(Connection connection)
    {
        if (connection.Peer is not IPEndPoint { Address: var address })
            return true;
        var name = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        lock (_counting)
        {
            var usage = _addresses.Get(name, Environment.TickCount64);
            if (Options.ConnectionMaxPerAddress is > 0 and var max && usage.Connections >= max * 2L)
            {
                Limits.ConnectionsPerAddress.CountRefused();
                return false;
            }
            usage.Total += Opened;
            connection.Address = usage;
            return true;
        }
    }

    /// <summary>
    /// It speaks AMQP: one of the connections that its address may open in a second. What is too much is refused at
    /// connection.open, where clients understand it.
    /// </summary>
    internal void CountHandshake(Connection connection)
    {
        if (_addresses.Rate == 0)
            return;
        lock (_counting)
            connection.RetryAfterMs = connection.Address?.TakeToken(_addresses.Rate, Environment.TickCount64) ?? 0;
    }

    /// <summary>Gives a connection its virtual host, unless a limit is reached.</summary>
    /// <exception cref="AmqpException">530: which limit (rule A18).</exception>
    internal void Admit(Connection connection, VHost vhost, User user)
    {
        var nowMs = Environment.TickCount64;
        lock (_counting)
        {
            var ofVHost = _vhosts.Get(vhost.Name, nowMs);
            var ofUser = _users.Get(user.Name, nowMs);
            CheckConnections(ofVHost, ofUser, vhost, user);
            CheckAddress(connection);
            CheckRate(ofUser, nowMs);
            connection.VHost = vhost;
            connection.Usages =
            [
                _node, ofVHost, ofUser, _products.Get(ProductOf(connection), nowMs), .. NamedUsage(connection, nowMs),
            ];
            foreach (var usage in connection.Usages)
                usage.Total += Opened;
        }
    }

    private static readonly Churn Opened = new(1, 0, 0, 0);
    private static readonly Churn Closed = new(0, 1, 0, 0);
    private static readonly Churn ChannelOpened = new(0, 0, 1, 0);
    private static readonly Churn ChannelClosed = new(0, 0, 0, 1);
    private static readonly Churn QueueCreated = new(0, 0, 0, 0, QueuesCreated: 1);
    private static readonly Churn QueueDeleted = new(0, 0, 0, 0, QueuesDeleted: 1);

    // In RabbitMQ's order.
    private void CheckConnections(Usage ofVHost, Usage ofUser, VHost vhost, User user)
    {
        var bound = Bound.Configured(Options.ConnectionMax, Limits.Connections.Key);
        if (bound.IsReached(_node.Connections))
        {
            Limits.Connections.CountRefused();
            throw Errors.NodeConnectionLimit(bound, _node.Connections);
        }
        bound = Bound.ConnectionsOf(vhost, Options);
        if (bound.IsReached(ofVHost.Connections))
        {
            Limits.ConnectionsPerVHost.CountRefused();
            throw Errors.VHostConnectionLimit(vhost.Name, user.Name, bound, ofVHost.Connections);
        }
        bound = Bound.ConnectionsOf(user, Options);
        if (bound.IsReached(ofUser.Connections))
        {
            Limits.ConnectionsPerUser.CountRefused();
            throw Errors.UserConnectionLimit(user.Name, bound, ofUser.Connections);
        }
    }

    // It is among those of its address itself.
    private void CheckAddress(Connection connection)
    {
        if (connection.Address is not { } address)
            return;
        var bound = Bound.Configured(Options.ConnectionMaxPerAddress, Limits.ConnectionsPerAddress.Key);
        if (bound.IsReached(address.Connections - 1))
        {
            Limits.ConnectionsPerAddress.CountRefused();
            throw Errors.AddressConnectionLimit(address.Name, bound, address.Connections - 1);
        }
        if (connection.RetryAfterMs > 0)
        {
            Limits.RatePerAddress.CountRefused();
            throw Errors.ConnectionRate(
                $"from {address.Name}", _addresses.Rate, Limits.RatePerAddress.Key, connection.RetryAfterMs);
        }
    }

    private void CheckRate(Usage ofUser, long nowMs)
    {
        if (_users.Rate == 0 || ofUser.TakeToken(_users.Rate, nowMs) is not (> 0 and var retryMs))
            return;
        Limits.RatePerUser.CountRefused();
        throw Errors.ConnectionRate($"for user '{ofUser.Name}'", _users.Rate, Limits.RatePerUser.Key, retryMs);
    }

    // None for a connection without a name.
    private ReadOnlySpan<Usage> NamedUsage(Connection connection, long nowMs) => connection.ClientName.Length == 0
        ? [] : new[] { _names.Get(CloseReason.Cut(connection.ClientName, ConnectionNameMax), nowMs) };

    internal static string ProductOf(Connection connection)
    {
        if (!connection.ClientProperties.TryGet("product", out var value) || !value.TryGetString(out var product))
            return "unknown";
        return product.Length <= ProductNameMax ? product : product[..ProductNameMax];
    }

    /// <summary>Counts a channel of a connection that is open, unless a limit is reached.</summary>
    /// <exception cref="AmqpException">530: which limit (rule D4).</exception>
    internal void OpenChannel(Connection connection)
    {
        var user = _broker.Catalog.Accounts.Find(connection.User.Name);
        lock (_counting)
        {
            var (ofVHost, ofUser) = (connection.Usages[1], connection.Usages[2]);
            var bound = Bound.Configured(Options.ChannelMaxPerNode, Limits.ChannelsPerNode.Key);
            if (bound.IsReached(_node.Channels))
            {
                Limits.ChannelsPerNode.CountRefused();
                throw Errors.NodeChannelLimit(_node.Name, bound, _node.Channels);
            }
            bound = Bound.Configured(Options.ChannelMaxPerVHost, Limits.ChannelsPerVHost.Key);
            if (bound.IsReached(ofVHost.Channels))
            {
                Limits.ChannelsPerVHost.CountRefused();
                throw Errors.VHostChannelLimit(ofVHost.Name, bound, ofVHost.Channels);
            }
            bound = Bound.ChannelsOf(user, Options);
            if (bound.IsReached(ofUser.Channels))
            {
                Limits.ChannelsPerUser.CountRefused();
                throw Errors.UserChannelLimit(ofUser.Name, bound, ofUser.Channels);
            }
            foreach (var usage in connection.Usages)
                usage.Total += ChannelOpened;
        }
    }

    internal void CloseChannel(Connection connection)
    {
        lock (_counting)
        {
            foreach (var usage in connection.Usages)
                usage.Total += ChannelClosed;
        }
    }

    /// <summary>Counts consumers of the connection that came or went.</summary>
    internal void CountConsumers(Connection connection, int opened, int closed)
    {
        lock (_counting)
        {
            foreach (var usage in connection.Usages)
                usage.Total += new Churn(0, 0, 0, 0, opened, closed);
        }
    }

    /// <summary>Counts a queue that came or went, for whoever created it.</summary>
    internal void CountQueue(Queue queue, bool isNew)
    {
        lock (_counting)
        {
            foreach (var usage in queue.CountedFor as Usage[] ?? [_node])
                usage.Total += isNew ? QueueCreated : QueueDeleted;
        }
    }

    /// <summary>
    /// Gives back what a connection counts for: called when all that it held is put back, or when it is dropped without
    /// ever having been open. Once; later calls do nothing.
    /// </summary>
    internal void GiveBack(Connection connection)
    {
        lock (_counting)
        {
            foreach (var usage in connection.Usages)
                usage.Total += Closed;
            connection.Usages = [];
            if (connection.Address is { } address)
                address.Total += Closed;
            connection.Address = null;
        }
    }

    /// <summary>Memory of all that is counted by name, and of the table of connections.</summary>
    internal long UsageBytes
    {
        get
        {
            lock (_counting)
            {
                return ObjectSize.Nodes(_node.Connections) + _vhosts.HeldBytes + _users.HeldBytes + _products.HeldBytes
                    + _names.HeldBytes + _addresses.HeldBytes;
            }
        }
    }

    /// <summary>What node, virtual hosts, users, client products and addresses have open and have had.</summary>
    public IReadOnlyList<UsageSnapshot> TakeUsage()
    {
        var nowMs = Environment.TickCount64;
        lock (_counting)
        {
            return
            [
                _node.Snapshot(nowMs),
                .. ((UsageTable[])[_vhosts, _users, _products, _names, _addresses])
                    .SelectMany(static table => table.All.Append(table.Others))
                    .Where(static usage => usage.Total != default)
                    .Select(usage => usage.Snapshot(nowMs)),
            ];
        }
    }
}
