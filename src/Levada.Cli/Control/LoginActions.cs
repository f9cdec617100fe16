using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>How many logins were tried, and from where.</summary>
internal static class LoginActions
{
    private const string Key = "track_auth_attempt_source";

    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("list_node_auth_attempt_stats", "Shows how many logins were tried, by protocol.", [], ListAsync)
        {
            Flags = [("--by-source", "By address and user, as far as these are counted.")],
        },
        new("reset_node_auth_attempt_metrics", "Counts logins anew.", [], async i =>
        {
            i.Say($"Reset auth attempt metrics on node {await i.NodeAsync()} ...");
            await i.DeleteAsync(BrokerApi.Path("auth", "attempts", await i.NodeAsync()));
        }),
        new("enable_auth_attempt_source_tracking", "Has logins counted by address and user, until a reload or a start.",
            [], i =>
            {
                i.Say("Enabling authentication attempt source tracking ...");
                return SettingActions.SetAsync(i, Key, "true");
            }),
        new("disable_auth_attempt_source_tracking", "Ends that; what was counted is kept.", [], i =>
        {
            i.Say("Disabling authentication attempt source tracking ...");
            return SettingActions.SetAsync(i, Key, "false");
        }),
    ];

    private static async Task ListAsync(ActionInput i)
    {
        var (node, bySource) = (await i.NodeAsync(), i.Flag("--by-source"));
        i.Say($"Listing authentication attempts for node \"{node}\" ...");
        var attempts = await i.Api.GetAsync(
            BrokerApi.Path("auth", "attempts", node) + (bySource ? "/source" : ""));
        if (i.Session.Format == OutputFormat.Json)
        {
            i.Tell("", new JsonObject
            {
                ["attempts"] = JsonNode.Parse(attempts.GetRawText()), ["node"] = node, ["result"] = "ok",
            });
        }
        else if (attempts.GetArrayLength() == 0)
        {
            i.Tell($"Node {node} reported no authentication attempt stats");
        }
        else
        {
            i.Session.Show(
                Column.Of(
                    (bySource ? "remote_address username " : "")
                    + "protocol auth_attempts auth_attempts_failed auth_attempts_succeeded"),
                [.. attempts.EnumerateArray()]);
        }
    }
}
