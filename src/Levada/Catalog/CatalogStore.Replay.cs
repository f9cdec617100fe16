using Levada.Auth;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

// The steps of the log's records, done again at start. They say what was decided, so nothing is checked or concluded;
// but a record may be lost, so every step must make sense of whatever state it finds.
public sealed partial class CatalogStore
{
    /// <returns>What could not be done, for the log; null if all could.</returns>
    private string? Replay(Change change, ReadOnlySpan<byte> content)
    {
        var from = new RecordReader(content);
        string? fault = null;
        while (!from.AtEnd)
            fault = Replay(change, ref from) ?? fault;
        return fault ?? (from.Failed ? "a record with a step that this version does not understand is lost" : null);
    }

    private string? Replay(Change change, ref RecordReader from)
    {
        switch (from.Kind())
        {
            case RecordKind.Durable:
                from.U64();
                return null;
            case RecordKind.Epoch:
                Epoch = Math.Max(Epoch, (uint)from.U64());
                return null;
            case RecordKind.QueueIds:
                _leasedQueueIds = Math.Max(_leasedQueueIds, from.U64());
                return null;
            case RecordKind.VHostSet:
                return ReplayVHost(change, ref from);
            case RecordKind.VHostMetadataSet:
                return ReplayVHostMetadata(change, ref from);
            case RecordKind.VHostRemoved:
                _newestVHosts = _newestVHosts.Remove(ReplayRemovedVHost(from.Text()));
                return null;
            case RecordKind.UserSet:
                return ReplayUser(ref from);
            case RecordKind.UserRemoved:
                _newestAccounts = _newestAccounts.Without(from.Text());
                return null;
            case RecordKind.ExchangeAdded:
                return ReplayExchange(change, ref from, delays: false);
            case RecordKind.DelayedExchangeAdded:
                return ReplayExchange(change, ref from, delays: true);
            case RecordKind.ExchangeDelayed:
                return ReplayDelayedExchange(change, ref from);
            case RecordKind.ExchangeRemoved:
                return ReplayRemovedExchange(change, ref from);
            case RecordKind.QueueAdded:
                return ReplayQueue(change, ref from, isTyped: false);
            case RecordKind.TypedQueueAdded:
                return ReplayQueue(change, ref from, isTyped: true);
            case RecordKind.QueuePaused:
                return ReplayPausedQueue(ref from);
            case RecordKind.QueueRemoved:
                return ReplayRemovedQueue(change, ref from);
            case RecordKind.BindingAdded:
                return ReplayBinding(change, ref from, add: true);
            case RecordKind.BindingRemoved:
                return ReplayBinding(change, ref from, add: false);
            case RecordKind.PolicySet:
                return ReplayPolicy(change, ref from);
            case RecordKind.PolicyRemoved:
                return ReplayRemovedPolicy(change, ref from);
            case RecordKind.ParameterSet:
                return ReplayParameter(change, ref from);
            case RecordKind.ParameterRemoved:
                return ReplayRemovedParameter(change, ref from);
            case RecordKind.GlobalParameterSet:
                _newestGlobals = _newestGlobals.SetItem(from.Text(), from.Text());
                return null;
            case RecordKind.GlobalParameterRemoved:
                _newestGlobals = _newestGlobals.Remove(from.Text());
                return null;
            default:
                return from.Fail();
        }
    }

    private string? ReplayVHost(Change change, ref RecordReader from)
    {
        var vhost = VHostToFill(change, from.Text());
        vhost.NewestLimits = vhost.Limits = new VHostLimits(from.Limit(), from.Limit());
        return null;
    }

    private string? ReplayVHostMetadata(Change change, ref RecordReader from)
    {
        var vhost = VHostToFill(change, from.Text());
        var table = from.Table();
        if (!from.Failed)
            vhost.NewestMetadata = vhost.Metadata = VHostMetadata.FromTable(table);
        return null;
    }

    // Its own record may be lost: what is in it is not to be lost with it.
    private VHost VHostToFill(Change change, string name) =>
        _newestVHosts.GetValueOrDefault(name) ?? NewVHost(change, name, VHostLimits.None);

    private string ReplayRemovedVHost(string name)
    {
        ForgetPermissions(name);
        return name;
    }

    private string? ReplayUser(ref RecordReader from)
    {
        var name = from.Text();
        var (algorithm, hash) = (from.Text(), from.Text());
        try
        {
            var user = new User(name)
            {
                Password = algorithm.Length == 0 ? null : PasswordHash.Parse(hash, algorithm),
                Tags = [.. Texts(ref from)],
                MaxConnections = from.Limit(),
                MaxChannels = from.Limit(),
            };
            for (var left = from.Count(); left > 0 && !from.Failed; left--)
            {
                var vhost = from.Text();
                var permissions = new Permissions(from.Text(), from.Text(), from.Text());
                user = user with { Permissions = user.Permissions.SetItem(vhost, permissions) };
            }

            for (var left = from.Count(); left > 0 && !from.Failed; left--)
            {
                var key = (VHost: from.Text(), Exchange: from.Text());
                var permissions = new TopicPermissions(name, key.VHost, from.Text(), from.Text());
                user = user with { TopicPermissions = user.TopicPermissions.SetItem(key, permissions) };
            }

            if (!from.Failed)
                _newestAccounts = _newestAccounts.With(user);
            return null;
        }
        catch (FormatException fault)
        {
            from.Fail();
            return $"user '{name}' cannot be taken over: {fault.Message}";
        }
    }

    private static List<string> Texts(ref RecordReader from)
    {
        var texts = new List<string>();
        for (var left = from.Count(); left > 0 && !from.Failed; left--)
            texts.Add(from.Text());
        return texts;
    }

    private string? ReplayExchange(Change change, ref RecordReader from, bool delays)
    {
        var vhost = VHostToFill(change, from.Text());
        var name = from.Text();
        if (!ExchangeTypes.TryParse(from.Text(), out var type))
            return from.Fail();
        var definition = new ExchangeDefinition(name, type, true, from.Bool(), from.Bool(), from.Table());
        var (queueId, shard) = delays ? (new QueueId(from.U64()), ReplayedShard(from.I32())) : default;
        if (from.Failed)
            return null;
        if (vhost.NewestExchanges.TryGet(Utf8(name), out var old))
            Topology.RemoveExchange(change, vhost, old);
        var exchange = New(vhost, definition);
        if (delays)
        {
            exchange.DelayQueue = NewDelayQueue(exchange, queueId, shard);
            _nextQueueId = Math.Max(_nextQueueId, queueId.Value + 1);
        }

        Topology.AddExchange(change, vhost, exchange);
        return null;
    }

    private string? ReplayDelayedExchange(Change change, ref RecordReader from)
    {
        var vhost = _newestVHosts.GetValueOrDefault(from.Text());
        var name = from.Text();
        var id = new QueueId(from.U64());
        var shard = ReplayedShard(from.I32());
        if (from.Failed || vhost is null || !vhost.NewestExchanges.TryGet(Utf8(name), out var exchange))
            return null;
        exchange.DelayQueue = NewDelayQueue(exchange, id, shard);
        change.AddedQueues.Add(exchange.DelayQueue);
        _nextQueueId = Math.Max(_nextQueueId, id.Value + 1);
        return null;
    }

    private string? ReplayRemovedExchange(Change change, ref RecordReader from)
    {
        var vhost = _newestVHosts.GetValueOrDefault(from.Text());
        var name = from.Text();
        if (vhost is not null && vhost.NewestExchanges.TryGet(Utf8(name), out var exchange))
            Topology.RemoveExchange(change, vhost, exchange);
        return null;
    }

    private string? ReplayQueue(Change change, ref RecordReader from, bool isTyped)
    {
        var vhost = VHostToFill(change, from.Text());
        var name = from.Text();
        var id = new QueueId(from.U64());
        var shard = from.I32();
        var autoDelete = from.Bool();
        var arguments = from.Table();
        var type = isTyped ? from.Text() : arguments.TryGet(QueueArguments.Type, out var named) ? $"{named}" : null;
        if (from.Failed)
            return null;
        if (vhost.NewestQueues.TryGet(Utf8(name), out var old))
            Topology.RemoveQueue(change, vhost, old);
        Topology.AddQueue(change, vhost, new Queue
        {
            Id = id,
            VHost = vhost.Name,
            Name = name,
            Shard = ReplayedShard(shard),
            Durable = true,
            Exclusive = false,
            AutoDelete = autoDelete,
            Type = QueueTypes.Find(type) ?? QueueType.Classic,
            Arguments = arguments,
        });
        _nextQueueId = Math.Max(_nextQueueId, id.Value + 1);
        return null;
    }

    // If the folders of the last shards are gone, others take their queues.
    private Shard ReplayedShard(int number) => _shards[(int)((uint)number % (uint)_shards.Count)];

    private string? ReplayRemovedQueue(Change change, ref RecordReader from)
    {
        var vhost = _newestVHosts.GetValueOrDefault(from.Text());
        var name = from.Text();
        var id = new QueueId(from.U64());
        if (vhost is not null && vhost.NewestQueues.TryGet(Utf8(name), out var queue) && queue.Id == id)
            Topology.RemoveQueue(change, vhost, queue);
        return null;
    }

    private string? ReplayBinding(Change change, ref RecordReader from, bool add)
    {
        var vhost = VHostToFill(change, from.Text());
        var source = from.Text();
        var toQueue = from.Bool();
        var destination = from.Text();
        var key = from.Bytes();
        var arguments = from.Table();
        if (from.Failed)
            return null;
        var exchange = vhost.NewestExchanges.TryGet(Utf8(source), out var found) ? found : null;
        var queue = toQueue && vhost.NewestQueues.TryGet(Utf8(destination), out var at) ? at : null;
        var next = !toQueue && vhost.NewestExchanges.TryGet(Utf8(destination), out found) ? found : null;
        if (exchange is null || (queue is null && next is null))
        {
            var kind = toQueue ? "queue" : "exchange";
            var text = $"the binding from exchange '{source}' to {kind} '{destination}' in vhost '{vhost.Name}'";
            return add ? text + " has lost an end" : null;
        }

        var binding = queue is not null
            ? new Binding(exchange, queue, key, arguments)
            : new Binding(exchange, next!, key, arguments);
        var there = exchange.Newest.Find(binding);
        if (add && there is null)
            Topology.AddBinding(change, vhost, binding);
        else if (!add && there is not null)
            Topology.RemoveBinding(change, vhost, there);
        return null;
    }
}
