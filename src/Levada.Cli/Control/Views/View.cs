namespace Levada.Cli.Control.Views;

/// <summary>Something to look at as a table: <c>levada channels</c> and its like.</summary>
/// <param name="Name">Of the command, and of the list in the API.</param>
/// <param name="Description">For the help.</param>
/// <param name="Columns">All, the most telling ones first: a narrow terminal leaves the last ones out.</param>
/// <param name="Sort">The column to sort by when nothing is said.</param>
internal sealed record View(string Name, string Description, IReadOnlyList<ViewColumn> Columns, string Sort)
{
    /// <summary>What tells a row from others from one answer to the next.</summary>
    public IReadOnlyList<ViewColumn> Key { get; init; } = [Columns[0]];

    public static IReadOnlyList<View> All { get; } =
    [
        new("connections", "Connections, live: who is there, what they hold and do.",
        [
            new("connection", "name"), new("client", "user_provided_name|client_properties/product"),
            new("user", "user"), new("state", "state"), new("channels", "channels", ViewKind.Count),
            new("unacked", "messages_unacknowledged", ViewKind.Count),
            new("publish/s", "message_stats/publish", ViewKind.Rate),
            new("deliver/s", "message_stats/deliver_get", ViewKind.Rate),
            new("in", "recv_oct", ViewKind.ByteRate), new("out", "send_oct", ViewKind.ByteRate),
            new("held", "held_bytes/total", ViewKind.Bytes), new("consumers", "consumer_count", ViewKind.Count),
            new("unconfirmed", "messages_unconfirmed", ViewKind.Count),
            new("rtt", "round_trip_ms", ViewKind.Milliseconds), new("vhost", "vhost"),
        ], "publish/s"),
        new("channels", "Channels, live: unacknowledged, prefetch, rates, how long idle.",
        [
            new("channel", "name"), new("user", "user"), new("state", "state"),
            new("consumers", "consumer_count", ViewKind.Count),
            new("unacked", "messages_unacknowledged", ViewKind.Count),
            new("prefetch", "prefetch_count", ViewKind.Count),
            new("publish/s", "message_stats/publish", ViewKind.Rate),
            new("deliver/s", "message_stats/deliver_get", ViewKind.Rate),
            new("ack/s", "message_stats/ack", ViewKind.Rate),
            new("unconfirmed", "messages_unconfirmed", ViewKind.Count),
            new("idle", "idle_ms", ViewKind.Milliseconds), new("held", "held_bytes/total", ViewKind.Bytes),
            new("uncommitted", "messages_uncommitted", ViewKind.Count), new("vhost", "vhost"),
        ], "unacked"),
        new("queues", "Queues, live: ready and unacknowledged messages, consumers, rates.",
        [
            new("queue", "name"), new("vhost", "vhost"), new("ready", "messages_ready", ViewKind.Count),
            new("unacked", "messages_unacknowledged", ViewKind.Count),
            new("messages", "messages", ViewKind.Count), new("consumers", "consumers", ViewKind.Count),
            new("publish/s", "message_stats/publish", ViewKind.Rate),
            new("deliver/s", "message_stats/deliver_get", ViewKind.Rate),
            new("ack/s", "message_stats/ack", ViewKind.Rate), new("bytes", "message_bytes", ViewKind.Bytes),
            new("state", "state"), new("type", "type"), new("policy", "policy"),
        ], "messages") { Key = [new("queue", "name"), new("vhost", "vhost")] },
        new("consumers", "Consumers: of which queue, on which channel, with which prefetch.",
        [
            new("queue", "queue/name"), new("tag", "consumer_tag"), new("channel", "channel_details/name"),
            new("user", "channel_details/user"), new("prefetch", "prefetch_count", ViewKind.Count),
            new("ack", "ack_required"), new("activity", "activity_status"), new("exclusive", "exclusive"),
            new("priority", "priority", ViewKind.Count), new("vhost", "queue/vhost"),
        ], "queue") { Key = [new("channel", "channel_details/name"), new("tag", "consumer_tag")] },
        new("exchanges", "Exchanges: types and how much passes.",
        [
            new("exchange", "name"), new("vhost", "vhost"), new("type", "type"),
            new("in/s", "message_stats/publish_in", ViewKind.Rate),
            new("out/s", "message_stats/publish_out", ViewKind.Rate), new("durable", "durable"),
            new("auto_delete", "auto_delete"), new("internal", "internal"), new("policy", "policy"),
        ], "exchange") { Key = [new("exchange", "name"), new("vhost", "vhost")] },
    ];

    /// <exception cref="ControlException">There is no such column.</exception>
    public ViewColumn Column(string title) =>
        Columns.FirstOrDefault(c => c.Title.Equals(title, StringComparison.OrdinalIgnoreCase))
        ?? Columns.FirstOrDefault(c => c.Path == title)
        ?? throw new ControlException(
            ControlExit.Usage,
            $"{Name} has no column '{title}'; it has {string.Join(", ", Columns.Select(static c => c.Title))}");
}
