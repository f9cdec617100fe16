using System.Net;
using Levada.Events;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What events say of a connection, its channels and its consumers, by RabbitMQ's names.</summary>
public sealed partial class Connection
{
    private void PublishLogin(string? error)
    {
        if (Broker.Events is not { } events)
            return;
        var headers = new FieldTable();
        if (error is not null)
            headers.Add("error", error);
        headers.Add("ssl", IsTls)
            .Add("auth_mechanism", _mechanism)
            .Add("protocol", "{0,9,1}")
            .Add("peer_port", PortOf(Peer))
            .Add("peer_host", ErlangTerms.Of(Peer))
            .Add("connection_name", Name)
            .Add("host", ErlangTerms.Of(_transport.Local))
            .Add("name", _user?.Name ?? "")
            .Add("connection_type", "network");
        events.Publish(error is null ? "user.authentication.success" : "user.authentication.failure", headers);
    }

    private void PublishCreated()
    {
        if (Broker.Events is not { } events)
            return;
        var headers = EventExchange.By(UserName)
            .Add("node", Broker.NodeName)
            .Add("connected_at", ConnectedAt.ToUnixTimeMilliseconds())
            .Add("client_properties", ErlangTerms.Of(ClientProperties))
            .Add("channel_max", (long)ChannelMax)
            .Add("frame_max", (long)FrameMax)
            .Add("timeout", (long)Heartbeat)
            .Add("vhost", VHost!.Name)
            .Add("user", UserName!)
            .Add("protocol", "{0,9,1}")
            .Add("auth_mechanism", _mechanism)
            .Add("ssl", IsTls)
            .Add("peer_host", ErlangTerms.Of(Peer))
            .Add("host", ErlangTerms.Of(_transport.Local))
            .Add("peer_port", PortOf(Peer))
            .Add("port", PortOf(_transport.Local))
            .Add("name", Name)
            .Add("pid", Name)
            .Add("type", "network");
        events.Publish("connection.created", AddClientName(headers));
    }

    private void PublishClosed()
    {
        if (Broker.Events is not { } events || VHost is null)
            return;
        var headers = new FieldTable()
            .Add("client_properties", ErlangTerms.Of(ClientProperties))
            .Add("node", Broker.NodeName)
            .Add("pid", Name)
            .Add("name", Name);
        events.Publish("connection.closed", AddClientName(headers));
    }

    private void PublishOpened(Channel channel) => Broker.Events?.Publish(
        "channel.created",
        EventExchange.By(UserName)
            .Add("vhost", VHost!.Name)
            .Add("user", UserName!)
            .Add("number", (long)channel.Number)
            .Add("connection", Name)
            .Add("name", NameOf(channel))
            .Add("pid", NameOf(channel)));

    private void PublishClosed(Channel channel) =>
        Broker.Events?.Publish("channel.closed", EventExchange.By(UserName).Add("pid", NameOf(channel)));

    internal void PublishCreated(Channel channel, Consumer consumer) => Broker.Events?.Publish(
        "consumer.created",
        EventExchange.By(UserName)
            .Add("arguments", ErlangTerms.Of(consumer.Arguments))
            .Add("prefetch_count", (long)consumer.Prefetch)
            .Add("queue", consumer.Queue.Name)
            .Add("vhost", consumer.Queue.VHost)
            .Add("channel", NameOf(channel))
            .Add("ack_required", !consumer.NoAck)
            .Add("exclusive", consumer.Exclusive)
            .Add("consumer_tag", consumer.Tag));

    internal void PublishDeleted(Channel channel, Consumer consumer) => Broker.Events?.Publish(
        "consumer.deleted",
        EventExchange.By(UserName)
            .Add("queue", consumer.Queue.Name)
            .Add("vhost", consumer.Queue.VHost)
            .Add("channel", NameOf(channel))
            .Add("consumer_tag", consumer.Tag));

    private FieldTable AddClientName(FieldTable headers) =>
        ClientName.Length > 0 ? headers.Add("user_provided_name", ClientName) : headers;

    private string NameOf(Channel channel) => $"{Name} ({channel.Number})";

    private static long PortOf(EndPoint? end) => (end as IPEndPoint)?.Port ?? 0;
}
