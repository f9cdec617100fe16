using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>Messages: published, looked at, taken, moved; and who holds them.</summary>
internal static class MessageActions
{
    private static readonly IReadOnlyList<Column> Looked = Column.Of(
        "position exchange routing_key payload payload_bytes payload_encoding redelivered properties");

    private static readonly IReadOnlyList<Column> Taken = Column.Of(
        "exchange routing_key message_count payload payload_bytes payload_encoding redelivered properties");

    private static readonly IReadOnlyList<Column> Held = Column.Of(
        "channel_name user user_provided_name consumer_tag delivery_tag unacked_for_seconds");

    private static readonly Func<ActionInput, ControlException> NoQueue = static i =>
        new ControlException(ControlExit.Invalid, $"no queue '{i["QUEUE"]}' in vhost '{i.VHost}'");

    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("publish", "Publishes a message; without PAYLOAD what comes in by the input.",
            ["EXCHANGE", "ROUTING_KEY", "[PAYLOAD]"], PublishAsync)
        {
            Options =
            [
                ("--properties", "JSON: content_type, headers, priority, delivery_mode, expiration …"),
                ("--count", "So many times (default: 1)."),
            ],
            Missing = static i => new ControlException(
                ControlExit.Invalid, $"no exchange '{i["EXCHANGE"]}' in vhost '{i.VHost}'"),
        },
        new("get", "Takes messages from a queue's head and puts them back, or not.", ["QUEUE"], GetAsync)
        {
            Options =
            [
                ("--count", "At most so many (default: 1)."),
                ("--ackmode", "ack_requeue_true (default), ack_requeue_false, reject_requeue_true or "
                    + "reject_requeue_false."),
            ],
            Missing = NoQueue,
        },
        new("peek", "Shows ready messages from a position on, and leaves them as they are.", ["QUEUE", "[POSITION]"],
            async i =>
        {
            var position = i.Optional("POSITION") is null ? 0 : i.Number("POSITION");
            i.Say($"Peeking at queue {i["QUEUE"]} at position {position} ...");
            var path = BrokerApi.Path("queues", i.VHost, i["QUEUE"], "messages");
            i.Session.Show(Looked, Rows(await i.Api.GetAsync($"{path}?position={position}&count={Count(i, 1)}")));
        })
        {
            Options = [("--count", "At most so many (default: 1).")], Missing = NoQueue,
        },
        new("list_unacknowledged", "Shows who holds a queue's messages unacknowledged, and for how long.", ["QUEUE"],
            async i =>
        {
            i.Say($"Listing unacknowledged messages of queue {i["QUEUE"]} in vhost {i.VHost} ...");
            i.Session.Show(Held, Rows(await i.Api.GetAsync(BrokerApi.Path("queues", i.VHost, i["QUEUE"], "unacked"))));
        }) { Missing = NoQueue },
        new("move_messages", "Moves ready messages to another queue.", ["QUEUE", "DESTINATION"], MoveAsync)
        {
            Options =
            [
                ("--count", "At most so many (default: all)."), ("--routing-key", "Only those with this one."),
                ("--headers", "JSON: only those which have all of these headers."),
            ],
            Missing = NoQueue,
        },
    ];

    private static async Task PublishAsync(ActionInput i)
    {
        var body = new JsonObject
        {
            ["routing_key"] = i["ROUTING_KEY"], ["properties"] = ObjectOf(i, "--properties") ?? new JsonObject(),
        };
        (body["payload_encoding"], body["payload"]) = PayloadOf(i);
        var (count, unrouted) = (Count(i, 1), 0);
        i.Say($"Publishing {count} messages to exchange '{i["EXCHANGE"]}' in vhost '{i.VHost}' ...");
        var name = i["EXCHANGE"].Length == 0 ? "amq.default" : i["EXCHANGE"];
        for (var n = 0; n < count; n++)
        {
            var answer = await i.Api.SendAsync(
                HttpMethod.Post, BrokerApi.Path("exchanges", i.VHost, name, "publish"), body);
            if (answer.Length > 0 && !JsonElement.Parse(answer).GetProperty("routed").GetBoolean())
                unrouted++;
        }
        if (unrouted > 0)
            throw new ControlException(ControlExit.NotWell, $"{unrouted} messages were published but NOT routed");
        i.Tell(count == 1 ? "Message published" : $"{count} messages published");
    }

    private static async Task GetAsync(ActionInput i)
    {
        i.Say($"Getting messages of queue {i["QUEUE"]} in vhost {i.VHost} ...");
        var answer = await i.Api.SendAsync(
            HttpMethod.Post, BrokerApi.Path("queues", i.VHost, i["QUEUE"], "get"), new JsonObject
            {
                ["count"] = Count(i, 1), ["ackmode"] = i.Option("--ackmode") ?? "ack_requeue_true",
                ["encoding"] = "auto",
            });
        i.Session.Show(Taken, answer.Length == 0 ? [] : Rows(JsonElement.Parse(answer)));
    }

    private static async Task MoveAsync(ActionInput i)
    {
        i.Say($"Moving messages of queue {i["QUEUE"]} to {i["DESTINATION"]} in vhost {i.VHost} ...");
        var body = new JsonObject { ["destination"] = i["DESTINATION"] };
        if (i.Option("--count") is not null)
            body["count"] = i.Number("--count");
        if (i.Option("--routing-key") is { } key)
            body["routing_key"] = key;
        if (ObjectOf(i, "--headers") is { } headers)
            body["headers"] = headers;
        var answer = await i.Api.SendAsync(
            HttpMethod.Post, BrokerApi.Path("queues", i.VHost, i["QUEUE"], "move"), body);
        if (answer.Length == 0)
            return;
        var became = JsonElement.Parse(answer);
        i.Tell(
            $"{became.GetProperty("moved")} moved, {became.GetProperty("refused")} refused by {i["DESTINATION"]}",
            JsonNode.Parse(answer) as JsonObject);
    }

    private static (string Encoding, string Payload) PayloadOf(ActionInput i)
    {
        if (i.Optional("PAYLOAD") is { } text)
            return ("string", text);
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return ("base64", Convert.ToBase64String(bytes.ToArray()));
    }

    private static JsonObject? ObjectOf(ActionInput i, string option)
    {
        if (i.Option(option) is not { } text)
            return null;
        try
        {
            return JsonNode.Parse(text) as JsonObject
                ?? throw new ControlException(ControlExit.Usage, $"{option} is no JSON object");
        }
        catch (JsonException e)
        {
            throw new ControlException(ControlExit.Usage, $"{option} is no JSON: {e.Message}");
        }
    }

    private static int Count(ActionInput i, int usual) => i.Option("--count") is null ? usual : i.Number("--count");

    private static IReadOnlyList<JsonElement> Rows(JsonElement list) => [.. list.EnumerateArray()];
}
