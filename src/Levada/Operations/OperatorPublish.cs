using Levada.Amqp;
using Levada.Counting;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Operations;

/// <summary>
/// A message that an operator publishes: as a client of that user would, with a confirm. Answers when all its queues
/// have it, on disk if it is persistent. Made on the asking thread, then owned by the shards it went to.
/// </summary>
/// <param name="broker">Whose shards take it.</param>
/// <param name="done">Hears whether it was routed and whether a full queue refused it; on a shard's turn.</param>
internal sealed class OperatorPublish(Broker broker, Action<bool, bool> done) : IConfirmTarget
{
    private readonly RouteResult _route = new();
    private int _pending;
    private int _isRefused;

    public ushort Channel => 0;

    public bool IsPersistent { get; private set; }

    /// <exception cref="AmqpException">406: its headers ask for copies in a way that cannot be.</exception>
    public void Publish(Exchange exchange, byte[] routingKey, BasicProperties properties, ReadOnlySpan<byte> body)
    {
        BasicPropertiesReader.TryRead(properties.ToBytes(), out var reader);
        Router.Route(exchange, routingKey, reader, _route);
        Count(exchange);
        if (_route.Queues.IsEmpty)
        {
            done(false, false);
            return;
        }
        if (exchange.Deduplication is { } known && !known.TryAdd(reader.HeadersBytes, broker.ElapsedMs, out _))
        {
            done(true, false);
            return;
        }
        // BCC has done its work, unless the way goes on later.
        if (properties.Headers is { } headers && !_route.IsHeldBack)
            properties.Headers = Without(headers, "BCC");
        var encoded = properties.ToBytes();
        var head = new byte[StoredMessage.HeadSize(exchange.NameUtf8.Length, routingKey.Length, encoded.Length)];
        StoredMessage.WriteHead(
            head, broker.Time.GetUtcNow().ToUnixTimeMilliseconds(), exchange.NameUtf8, routingKey, encoded,
            (uint)body.Length);
        if (_route.HasHistory && RecentHistory.Wants(reader.HeadersBytes))
        {
            foreach (var passed in _route.Exchanges.Items)
                passed.History?.Add(head, body, null);
        }
        Post(head, body, properties);
    }

    private void Count(Exchange exchange)
    {
        exchange.CountPublished(1, _route.Queues.Length);
        foreach (var queue in _route.Queues)
        {
            if (!queue.Arrived.TryAdd(exchange, 1, broker.Options.CountedPairsMax))
                broker.Connections.AddUncounted(new Uncounted(ByExchange: 0, ByQueue: 0, ByRoute: 1));
        }
    }

    public void Refuse(ulong number) => Volatile.Write(ref _isRefused, 1);

    public void Answer(bool refused)
    {
        if (refused)
            Refuse(1);
        if (Interlocked.Decrement(ref _pending) == 0)
            done(true, Volatile.Read(ref _isRefused) != 0);
    }

    public void Flush()
    {
        // Who asked hears it at once.
    }

    private void Post(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, BasicProperties properties)
    {
        var isPersistent = properties.DeliveryMode == 2;
        var batches = new List<(Shard Shard, PostBatch Batch)>();
        foreach (var queue in _route.Queues)
        {
            IsPersistent |= (isPersistent && queue.Durable) || queue.KeepsAll;
            var batch = batches.Find(one => one.Shard == queue.Shard).Batch;
            var isFirst = batch is null;
            if (batch is null)
            {
                batches.Add((queue.Shard, batch = PostBatch.Rent(publisher: null)));
                var to = batch.AddMessage(head.Length + body.Length);
                head.CopyTo(to);
                body.CopyTo(to[head.Length..]);
                batch.AddConfirm(this);
            }
            batch.AddTarget(queue, head.Length + body.Length, isPersistent, isFirst, Channel, number: 1);
            if (properties.Expiration is not null)
                batch.AddExpiring(queue);
        }
        _pending = batches.Count;
        foreach (var (shard, batch) in batches)
            shard.Post(batch);
    }

    private static FieldTable Without(FieldTable headers, string key)
    {
        if (!headers.TryGet(key, out _))
            return headers;
        var kept = new FieldTable();
        foreach (var (name, value) in headers)
        {
            if (name != key)
                kept.Add(name, value);
        }
        return kept;
    }
}
