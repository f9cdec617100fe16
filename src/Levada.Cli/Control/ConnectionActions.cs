using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>What an operator does to live connections, channels and consumers.</summary>
internal static class ConnectionActions
{
    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("close_connection", "Closes a connection, by its name (the column pid).", ["CONNECTION", "REASON"], i =>
        {
            i.Say($"Closing connection {i["CONNECTION"]}, reason: {i["REASON"]}...");
            return CloseAsync(i, i["CONNECTION"], i["REASON"]);
        }),
        new("close_all_connections", "Closes all connections, of one vhost if it is given.", ["REASON"], async i =>
        {
            var where = i.Flag("--global") ? "" : $" in vhost {i.VHost}";
            i.Say($"Closing all connections{where}, reason: {i["REASON"]}...");
            await CloseAllAsync(i);
        })
        {
            Options =
            [
                ("--limit", "At most so many."), ("--per-connection-delay", "Milliseconds between two."),
            ],
            Flags = [("--global", "Of all vhosts.")],
        },
        new("close_all_user_connections", "Closes all connections of a user.", ["USER", "REASON"], i =>
        {
            i.Say($"Closing connections of user {i["USER"]}, reason: {i["REASON"]} ...");
            return i.Api.SendAsync(
                HttpMethod.Delete, BrokerApi.Path("connections", "username", i["USER"]), null, i["REASON"]);
        }),
        new("close_channel", "Closes one channel, by its name (the column pid).", ["CHANNEL", "[REASON]"], i =>
        {
            i.Say($"Closing channel {i["CHANNEL"]} ...");
            return i.Api.SendAsync(
                HttpMethod.Delete, BrokerApi.Path("channels", i["CHANNEL"]), null, i.Optional("REASON"));
        }),
        new("pause_channel", "Holds back a channel's deliveries.", ["CHANNEL"],
            i => i.PutAsync(BrokerApi.Path("channels", i["CHANNEL"], "pause"))),
        new("resume_channel", "Lets a paused channel's deliveries go on.", ["CHANNEL"],
            i => i.PutAsync(BrokerApi.Path("channels", i["CHANNEL"], "resume"))),
        new("requeue_channel", "Gives back what a channel holds unacknowledged.", ["CHANNEL"],
            i => i.PostAsync(BrokerApi.Path("channels", i["CHANNEL"], "requeue"))),
        new("set_prefetch", "Changes the prefetch of a channel's consumers.", ["CHANNEL", "PREFETCH"], i =>
            i.PutAsync(
                BrokerApi.Path("channels", i["CHANNEL"]), new JsonObject { ["prefetch"] = i.Number("PREFETCH") })),
        new("cancel_consumer", "Cancels a consumer.", ["CONNECTION", "NUMBER", "TAG"],
            i => i.DeleteAsync(BrokerApi.Path("consumers", i.VHost, i["CONNECTION"], i["NUMBER"], i["TAG"]))),
    ];

    private static async Task CloseAllAsync(ActionInput i)
    {
        var all = await i.Api.GetAsync("/api/connections");
        var names = all.EnumerateArray()
            .Where(c => i.Flag("--global") || c.GetProperty("vhost").GetString() == i.VHost)
            .Select(static c => c.GetProperty("name").GetString()!);
        if (i.Option("--limit") is not null && i.Number("--limit") is > 0 and var limit)
            names = names.Take(limit);
        var delay = i.Option("--per-connection-delay") is null ? 0 : i.Number("--per-connection-delay");
        var closed = 0;
        foreach (var name in names.ToArray())
        {
            if (closed > 0 && delay > 0)
                await Task.Delay(delay);
            // One that has gone meanwhile is what was wanted.
            try
            {
                await CloseAsync(i, name, i["REASON"]);
                closed++;
            }
            catch (ControlException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
            {
                i.Say($"{name} has gone");
            }
        }
        i.Tell($"Closed {closed} connections");
    }

    private static Task<string> CloseAsync(ActionInput i, string name, string reason) =>
        i.Api.SendAsync(HttpMethod.Delete, BrokerApi.Path("connections", name), null, reason);
}
