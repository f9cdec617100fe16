using Levada.Amqp;
using Levada.Queues;

namespace Levada.Management.Metrics;

/// <summary>
/// Figures of each connection, channel and queue, family by family. Each connection is written in a turn of its own
/// and sent before the next: 50,000 channels take no more memory than those of one connection.
/// </summary>
/// <param name="broker">Whose.</param>
/// <param name="request">Which virtual hosts.</param>
/// <param name="text">Where to.</param>
/// <param name="named">The whole name of a figure.</param>
/// <param name="cancellation">The client is gone.</param>
internal sealed class ObjectMetrics(
    Broker broker, MetricsRequest request, MetricsText text, Func<string, string> named,
    CancellationToken cancellation)
{
    public async Task ConnectionBytesAsync()
    {
        await ConnectionsAsync(
            "connection_incoming_bytes_total", "counter", "Bytes received on a connection",
            static c => c.Counters.BytesReceived);
        await ConnectionsAsync(
            "connection_outgoing_bytes_total", "counter", "Bytes sent on a connection",
            static c => c.Counters.BytesSent);
    }

    public async Task ConnectionsAsync()
    {
        await ConnectionsAsync(
            "connection_incoming_packets_total", "counter", "Receive calls on a connection",
            static c => c.Counters.Reads);
        await ConnectionsAsync(
            "connection_outgoing_packets_total", "counter", "Send calls on a connection", static c => c.Counters.Sends);
        await ConnectionsAsync(
            "connection_channels", "gauge", "Channels open on a connection", static c => c.Channels);
        await ConnectionsAsync(
            "connection_send_pending_bytes", "gauge", "Bytes that wait for the client to read",
            static c => c.SendPending);
        await ConnectionsAsync(
            "connection_held_bytes", "gauge", "Memory of buffers and lists held for a connection",
            static c => c.Held.Total);
    }

    public async Task ChannelsAsync()
    {
        await ChannelsAsync("channel_consumers", "gauge", "Consumers on a channel", static c => c.Consumers);
        await ChannelsAsync(
            "channel_messages_unacked", "gauge", "Deliveries not yet acknowledged", static c => c.Unacknowledged);
        await ChannelsAsync(
            "channel_messages_unconfirmed", "gauge", "Publishes not yet confirmed", static c => c.Unconfirmed);
        await ChannelsAsync(
            "channel_messages_uncommitted", "gauge", "Publishes of an open transaction", static c => c.Uncommitted);
        await ChannelsAsync(
            "channel_acks_uncommitted", "gauge", "Settles of an open transaction", static c => c.AcksUncommitted);
        await ChannelsAsync("consumer_prefetch", "gauge", "Prefetch of each new consumer", static c => c.Prefetch);
        await ChannelsAsync("channel_prefetch", "gauge", "Prefetch of the whole channel", static c => c.GlobalPrefetch);
    }

    public async Task QueueMessagesAsync()
    {
        await QueuesAsync("queue_messages_ready", "gauge", "Messages ready to be delivered", static q => q.Ready);
        await QueuesAsync(
            "queue_messages_unacked", "gauge", "Messages delivered, not acknowledged", static q => q.Unacked);
        await QueuesAsync("queue_messages", "gauge", "Ready and unacknowledged", static q => q.Ready + q.Unacked);
        await QueuesAsync(
            "queue_deduplication", "gauge", "Messages left out as duplicates so far",
            static q => q.Counters.Deduplicated);
    }

    public Task QueueConsumersAsync() =>
        QueuesAsync("queue_consumers", "gauge", "Consumers of a queue", static q => q.ConsumerCount);

    /// <summary>Of a queue, however they came.</summary>
    public Task QueuePublishesAsync() => QueuesAsync(
        "queue_messages_published_total", "counter", "Messages that came in", static q => q.Counters.Published);

    public async Task QueuesAsync()
    {
        await QueuesAsync(
            "queue_messages_ready_bytes", "gauge", "Bytes of the ready bodies", static q => q.ReadyBytes);
        await QueuesAsync(
            "queue_messages_unacked_bytes", "gauge", "Bytes of the unacknowledged bodies", static q => q.UnackedBytes);
        await QueuesAsync(
            "queue_messages_bytes", "gauge", "Bytes of all bodies", static q => q.ReadyBytes + q.UnackedBytes);
        await QueuesAsync(
            "queue_messages_delivered_total", "counter", "Messages handed out",
            static q => q.Counters.Delivered + q.Counters.DeliveredNoAck + q.Counters.Got + q.Counters.GotNoAck);
        await QueuesAsync(
            "queue_messages_redelivered_total", "counter", "Handed out again", static q => q.Counters.Redelivered);
        await QueuesAsync(
            "queue_messages_settled_total", "counter", "Messages settled", static q => q.Counters.Settled);
    }

    private async Task ConnectionsAsync(
        string name, string type, string help, Func<ConnectionFigures, double> figure)
    {
        name = named(name);
        text.Family(name, type, help);
        foreach (var connection in broker.Connections.All)
        {
            if (connection.VHost is not { } vhost || !request.Wants(vhost.Name))
                continue;
            connection.Visit(c => text.Begin(name).Label("connection", connection.Name).Label("vhost", vhost.Name)
                .Label("user", connection.UserName ?? "").End(figure(c)));
            await text.FlushAsync(cancellation);
        }
    }

    private async Task ChannelsAsync(string name, string type, string help, Func<ChannelFigures, double> figure)
    {
        name = named(name);
        text.Family(name, type, help);
        foreach (var connection in broker.Connections.All)
        {
            if (connection.VHost is not { } vhost || !request.Wants(vhost.Name))
                continue;
            connection.VisitChannels(c => text.Begin(name).Label("channel", connection.Name, c.Number)
                .Label("vhost", vhost.Name).End(figure(c)));
            await text.FlushAsync(cancellation);
        }
    }

    private async Task QueuesAsync(string name, string type, string help, Func<Queue, double> figure)
    {
        name = named(name);
        text.Family(name, type, help);
        foreach (var vhost in broker.Catalog.VHosts.Where(v => request.Wants(v.Name)))
        {
            foreach (var queue in vhost.Queues())
            {
                text.Begin(name).Label("vhost", vhost.Name).Label("queue", queue.Name).End(figure(queue));
                await text.FlushAsync(cancellation);
            }
        }
    }
}
