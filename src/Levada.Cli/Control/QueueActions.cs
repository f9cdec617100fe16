using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>Queues and exchanges.</summary>
internal static class QueueActions
{
    // Options of create_queue that are arguments of the queue, numbers and texts.
    private static readonly (string Option, string Argument, bool IsNumber)[] QueueArguments =
    [
        ("--expires", "x-expires", true), ("--max-length", "x-max-length", true),
        ("--max-length-bytes", "x-max-length-bytes", true), ("--message-ttl", "x-message-ttl", true),
        ("--delivery-limit", "x-delivery-limit", true), ("--max-priority", "x-max-priority", true),
        ("--dead-letter-exchange", "x-dead-letter-exchange", false),
        ("--dead-letter-routing-key", "x-dead-letter-routing-key", false), ("--type", "x-queue-type", false),
    ];

    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("create_queue", "Declares a queue.", ["NAME"], CreateQueueAsync)
        {
            Options = [.. QueueArguments.Select(static a => (a.Option, $"The argument {a.Argument}."))],
            Flags =
            [
                ("--durable", "It outlives the broker."), ("--auto-delete", "It goes with its last consumer."),
                ("--reject-on-overflow", "A full queue refuses messages."),
            ],
        },
        new("delete_queue", "Removes a queue.", ["NAME"], async i =>
        {
            var condition = (i.Flag("--if-empty"), i.Flag("--if-unused")) switch
            {
                (true, true) => " if queue is empty and unused",
                (true, false) => " if queue is empty",
                (false, true) => " if queue is unused",
                _ => "",
            };
            i.Say($"Deleting queue '{i["NAME"]}' on vhost '{i.VHost}'{condition} ...");
            string[] conditions =
            [
                .. i.Flag("--if-empty") ? (string[])["if-empty=true"] : [],
                .. i.Flag("--if-unused") ? (string[])["if-unused=true"] : [],
            ];
            var path = BrokerApi.Path("queues", i.VHost, i["NAME"]);
            try
            {
                var messages = (await i.Api.GetAsync(path)).GetProperty("messages_ready").GetInt64();
                await i.DeleteAsync(conditions.Length == 0 ? path : $"{path}?{string.Join('&', conditions)}");
                i.Tell($"Queue was successfully deleted with {messages} ready messages");
            }
            catch (ControlException e) when (e.Status == HttpStatusCode.NotFound)
            {
                throw new ControlException(ControlExit.Usage, "Queue not found");
            }
            catch (ControlException e) when (e.Status is HttpStatusCode.BadRequest or HttpStatusCode.PreconditionFailed)
            {
                throw new ControlException(ControlExit.Usage, e.Message);
            }
        })
        {
            Flags = [("--if-empty", "Only if it has no messages."), ("--if-unused", "Only if it has no consumers.")],
        },
        new("purge_queue", "Drops the ready messages of a queue.", ["NAME"], i =>
        {
            i.Say($"Purging queue '{i["NAME"]}' in vhost '{i.VHost}' ...");
            return i.DeleteAsync(BrokerApi.Path("queues", i.VHost, i["NAME"], "contents"));
        }) { Missing = static _ => new ControlException(ControlExit.Invalid, "not_found") },
        new("pause_queue", "Holds back a queue's deliveries.", ["NAME"], i =>
        {
            i.Say($"Pausing queue '{i["NAME"]}' in vhost '{i.VHost}' ...");
            return i.PutAsync(BrokerApi.Path("queues", i.VHost, i["NAME"], "pause"));
        }),
        new("resume_queue", "Lets a paused queue's deliveries go on.", ["NAME"], i =>
        {
            i.Say($"Resuming queue '{i["NAME"]}' in vhost '{i.VHost}' ...");
            return i.PutAsync(BrokerApi.Path("queues", i.VHost, i["NAME"], "resume"));
        }),
        new("restart_queue", "Nothing to do: a queue does not close by itself.", ["NAME"], i =>
        {
            i.Say($"Restarting queue '{i["NAME"]}' in vhost '{i.VHost}' ...");
            return i.PutAsync(BrokerApi.Path("queues", i.VHost, i["NAME"], "restart"));
        }) { IsHidden = true },
        new("create_exchange", "Declares an exchange.", ["TYPE", "NAME"], i =>
        {
            i.Say($"Creating exchange '{i["NAME"]}' in vhost '{i.VHost}' ...");
            var arguments = new JsonObject();
            if (i.Option("--alternate-exchange") is { } alternate)
                arguments["alternate-exchange"] = alternate;
            return i.PutAsync(BrokerApi.Path("exchanges", i.VHost, i["NAME"]), new JsonObject
            {
                ["type"] = i["TYPE"], ["durable"] = i.Flag("--durable"), ["auto_delete"] = i.Flag("--auto-delete"),
                ["internal"] = i.Flag("--internal"), ["arguments"] = arguments,
            });
        })
        {
            Options = [("--alternate-exchange", "Gets what this one has no queue for.")],
            Flags =
            [
                ("--durable", "It outlives the broker."), ("--auto-delete", "It goes with its last binding."),
                ("--internal", "Clients may not publish to it."),
            ],
        },
        new("delete_exchange", "Removes an exchange.", ["NAME"], i =>
        {
            i.Say($"Deleting exchange '{i["NAME"]}' in vhost '{i.VHost}' ...");
            return i.DeleteAsync(BrokerApi.Path("exchanges", i.VHost, i["NAME"]));
        }),
    ];

    private static Task CreateQueueAsync(ActionInput i)
    {
        i.Say($"Creating queue '{i["NAME"]}' in vhost '{i.VHost}' ...");
        var arguments = new JsonObject();
        foreach (var (option, argument, isNumber) in QueueArguments)
        {
            if (i.Option(option) is not { } value)
                continue;
            if (!isNumber)
                arguments[argument] = value;
            else if (long.TryParse(value, CultureInfo.InvariantCulture, out var number))
                arguments[argument] = number;
            else
                throw new ControlException(ControlExit.Usage, $"{option} {value} is no whole number");
        }
        if (i.Flag("--reject-on-overflow"))
            arguments["x-overflow"] = "reject-publish";
        return i.PutAsync(BrokerApi.Path("queues", i.VHost, i["NAME"]), new JsonObject
        {
            ["durable"] = i.Flag("--durable"), ["auto_delete"] = i.Flag("--auto-delete"), ["arguments"] = arguments,
        });
    }
}
