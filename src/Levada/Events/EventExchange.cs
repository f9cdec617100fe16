using Levada.Exchanges;
using Levada.Protocol;

namespace Levada.Events;

/// <summary>
/// Says what happens in the broker, on the exchange amq.rabbitmq.event: RabbitMQ's event exchange. The kind of event is
/// the routing key, what there is to say of it is in the headers. Who listens to the feed hears the same. Nobody waits
/// for it. Any thread.
/// </summary>
internal sealed class EventExchange(InternalPublisher publisher, EventFeed feed, TimeProvider time)
{
    public const string ExchangeName = "amq.rabbitmq.event";

    /// <summary>Who did what nobody asked for.</summary>
    public const string InternalUser = "rmq-internal";

    private const byte Persistent = 2;

    private volatile Exchange? _exchange;

    /// <summary>From here on events are published; those before it are not kept.</summary>
    public void Start(Exchange exchange) => _exchange = exchange;

    /// <summary>The first headers of an event.</summary>
    public static FieldTable By(string? user) =>
        new FieldTable().Add("user_who_performed_action", user ?? InternalUser);

    /// <param name="key">Such as queue.created.</param>
    /// <param name="headers">The caller's no more.</param>
    public void Publish(string key, FieldTable headers)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        headers.Add("timestamp_in_ms", nowMs);
        feed.Publish(new BrokerEvent(key, headers));
        if (_exchange is not { IsDeleted: false } exchange)
            return;
        var properties = new BasicProperties
        {
            Headers = headers,
            DeliveryMode = Persistent,
            Timestamp = (ulong)(nowMs / 1000),
        };
        publisher.Publish(InternalMessage.Of(exchange, key, nowMs, properties, body: default));
    }
}
