using Levada.Amqp;
using Levada.Catalog;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Management.Lists;

/// <summary>What is counted of each kind of object, by RabbitMQ's names.</summary>
internal static class Figures
{
    /// <summary>Of connections and channels.</summary>
    public static readonly FigureTable<MessageCounters> Messages = new(
        ("publish", static c => c.Published), ("confirm", static c => c.Confirmed),
        ("return_unroutable", static c => c.Returned), ("drop_unroutable", static c => c.DroppedUnroutable),
        ("deliver", static c => c.Delivered), ("deliver_no_ack", static c => c.DeliveredNoAck),
        ("get", static c => c.Got), ("get_no_ack", static c => c.GotNoAck), ("get_empty", static c => c.GotEmpty),
        ("ack", static c => c.Acknowledged), ("reject", static c => c.Rejected), ("requeue", static c => c.Requeued),
        ("redeliver", static c => c.Redelivered), ("deliver_get", static c => c.HandedOut),
        ("recv_oct", static c => c.BytesReceived), ("recv_cnt", static c => c.FramesReceived),
        ("send_oct", static c => c.BytesSent), ("send_cnt", static c => c.FramesSent));

    /// <summary>Connections and channels over time.</summary>
    public static readonly FigureTable<ClientSample> Clients = new(
    [
        .. Messages.All.Select(static one =>
            (one.Name, new Func<ClientSample, long>(sample => one.Of(sample.Counters)))),
        ("messages_unacknowledged", static c => c.Unacked), ("messages_unconfirmed", static c => c.Unconfirmed),
        ("channels", static c => c.Channels),
    ]);

    public static readonly FigureTable<QueueSample> Queues = new(
        ("publish", static q => q.Counters.Published), ("deliver", static q => q.Counters.Delivered),
        ("deliver_no_ack", static q => q.Counters.DeliveredNoAck), ("get", static q => q.Counters.Got),
        ("get_no_ack", static q => q.Counters.GotNoAck), ("get_empty", static q => q.Counters.GotEmpty),
        ("deliver_get", static q => q.Counters.HandedOut), ("ack", static q => q.Counters.Settled),
        ("redeliver", static q => q.Counters.Redelivered), ("expire", static q => q.Counters.Expired),
        ("drop_length", static q => q.Counters.DroppedByLength),
        ("refuse_length", static q => q.Counters.RefusedByLength),
        ("drop_delivery_limit", static q => q.Counters.DroppedByDeliveries),
        ("dead_letter", static q => q.Counters.DeadLettered), ("messages", static q => q.Ready + q.Unacked),
        ("messages_ready", static q => q.Ready), ("messages_unacknowledged", static q => q.Unacked));

    public static readonly FigureTable<VHostSample> VHosts = new(
    [
        .. Messages.All.Select(static one =>
            (one.Name, new Func<VHostSample, long>(sample => one.Of(sample.Counters)))),
        ("messages", static v => v.Ready + v.Unacked), ("messages_ready", static v => v.Ready),
        ("messages_unacknowledged", static v => v.Unacked),
    ]);

    /// <summary>Of a channel and an exchange.</summary>
    public static readonly FigureTable<PublishSample> Publishes = new(
        ("publish", static p => p.Published), ("confirm", static p => p.Confirmed),
        ("return_unroutable", static p => p.Returned), ("drop_unroutable", static p => p.DroppedUnroutable));

    /// <summary>Of a channel and a queue.</summary>
    public static readonly FigureTable<DeliverySample> Deliveries = new(
        ("deliver", static d => d.Delivered), ("deliver_no_ack", static d => d.DeliveredNoAck),
        ("get", static d => d.Got), ("get_no_ack", static d => d.GotNoAck), ("get_empty", static d => d.GotEmpty),
        ("ack", static d => d.Acknowledged), ("redeliver", static d => d.Redelivered),
        ("deliver_get", static d => d.HandedOut));

    public static readonly FigureTable<ExchangeSample> Exchanges = new(
        ("publish_in", static e => e.In), ("publish_out", static e => e.Out));
}

/// <summary>What a connection or channel has done, and what is open and unsettled on it.</summary>
internal sealed record ClientSample(MessageCounters Counters, long Unacked, long Unconfirmed, long Channels)
{
    public static ClientSample Of(ConnectionSnapshot c) => new(c.Counters, c.Unacknowledged, c.Unconfirmed, c.Channels);

    public static ClientSample Of(ChannelSnapshot c) => new(c.Counters, c.Unacknowledged, c.Unconfirmed, 0);
}

/// <summary>What a virtual host holds, and what its connections have done.</summary>
internal sealed record VHostSample(MessageCounters Counters, long Ready, long Unacked)
{
    public static VHostSample Of(VHost vhost, IReadOnlyDictionary<VHost, MessageCounters> totals)
    {
        var queues = vhost.Queues();
        return new VHostSample(
            totals.GetValueOrDefault(vhost) ?? new MessageCounters(), queues.Sum(static q => q.Ready),
            queues.Sum(static q => q.Unacked));
    }
}

/// <summary>Messages published to an exchange, and the queues that they went to.</summary>
internal sealed record ExchangeSample(long In, long Out)
{
    public static ExchangeSample Of(Exchange exchange, ExchangeCounts counts)
    {
        var (published, queues) = counts.Of(exchange);
        return new ExchangeSample(published, queues);
    }
}
