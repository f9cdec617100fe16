using Levada.Amqp;
using Levada.Counting;

namespace Levada.Management.Metrics;

/// <summary>
/// Figures of each channel by exchange and by queue, family by family, under RabbitMQ's names and labels. Each
/// connection is written in a turn of its own and sent before the next.
/// </summary>
/// <param name="broker">Whose.</param>
/// <param name="request">Which virtual hosts.</param>
/// <param name="text">Where to.</param>
/// <param name="named">The whole name of a figure.</param>
/// <param name="cancellation">The client is gone.</param>
internal sealed class PairMetrics(
    Broker broker, MetricsRequest request, MetricsText text, Func<string, string> named,
    CancellationToken cancellation)
{
    public async Task PublishesAsync()
    {
        await PublishesAsync(
            "channel_messages_published_total", "Messages published to an exchange", static p => p.Published);
        await PublishesAsync(
            "channel_messages_confirmed_total", "Publishes to an exchange confirmed", static p => p.Confirmed);
        await PublishesAsync(
            "channel_messages_unroutable_returned_total", "Messages returned", static p => p.Returned);
        await PublishesAsync(
            "channel_messages_unroutable_dropped_total", "Messages that led to no queue",
            static p => p.DroppedUnroutable);
    }

    public async Task DeliveriesAsync()
    {
        await DeliveriesAsync("channel_get_ack_total", "Got, to be acknowledged", static d => d.Got);
        await DeliveriesAsync("channel_get_total", "Got, no acknowledgement", static d => d.GotNoAck);
        await DeliveriesAsync("channel_get_empty_total", "basic.get on an empty queue", static d => d.GotEmpty);
        await DeliveriesAsync(
            "channel_messages_delivered_ack_total", "Delivered, to be acknowledged", static d => d.Delivered);
        await DeliveriesAsync(
            "channel_messages_delivered_total", "Delivered, no acknowledgement", static d => d.DeliveredNoAck);
        await DeliveriesAsync("channel_messages_redelivered_total", "Handed out again", static d => d.Redelivered);
        await DeliveriesAsync("channel_messages_acked_total", "Messages acknowledged", static d => d.Acknowledged);
    }

    public Task RoutesAsync() => ChannelsAsync(
        "queue_messages_published_total", "Messages of a channel that went from an exchange to a queue", Write);

    private Task PublishesAsync(string name, string help, Func<ExchangePublishes, long> figure) =>
        ChannelsAsync(name, help, (whole, channel, vhost) =>
        {
            foreach (var (exchange, publishes) in channel.Publishes)
            {
                if (exchange.IsDeleted)
                    continue;
                text.Begin(whole).Label("channel", channel.Connection.Name, channel.Number).Label("vhost", vhost)
                    .Label("exchange", exchange.Name).End(figure(publishes));
            }
        });

    private Task DeliveriesAsync(string name, string help, Func<QueueDeliveries, long> figure) =>
        ChannelsAsync(name, help, (whole, channel, vhost) =>
        {
            foreach (var (queue, deliveries) in channel.Deliveries)
            {
                text.Begin(whole).Label("channel", channel.Connection.Name, channel.Number).Label("vhost", vhost)
                    .Label("queue", queue.Name).End(figure(deliveries));
            }
        });

    private void Write(string whole, ChannelFigures channel, string vhost)
    {
        foreach (var (route, counts) in channel.Routes)
        {
            if (!route.IsShown)
                continue;
            text.Begin(whole).Label("channel", channel.Connection.Name, channel.Number).Label("queue_vhost", vhost)
                .Label("queue", route.Queue.Name).Label("exchange_vhost", vhost)
                .Label("exchange", route.Exchange.Name).End(counts.Messages);
        }
    }

    private async Task ChannelsAsync(string name, string help, Action<string, ChannelFigures, string> write)
    {
        name = named(name);
        text.Family(name, "counter", help);
        foreach (var connection in broker.Connections.All)
        {
            if (connection.VHost is not { } vhost || !request.Wants(vhost.Name))
                continue;
            connection.VisitChannels(channel => write(name, channel, vhost.Name));
            await text.FlushAsync(cancellation);
        }
    }
}
