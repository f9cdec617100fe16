using System.Net;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>Setting limits by a JSON object and clearing them by name, of a vhost or a user.</summary>
internal static class LimitActions
{
    public static async Task SetAsync(ActionInput i, string kind, string path, string of)
    {
        i.Say($"Setting {kind} limits to \"{i["DEFINITION"]}\" for {kind} \"{of}\" ...");
        if (i.Json("DEFINITION") is not JsonObject limits)
            throw new ControlException(ControlExit.Usage, "DEFINITION is an object such as {\"max-connections\":10}");
        foreach (var (name, value) in limits)
            await i.PutAsync(BrokerApi.Path(path, of, name), new JsonObject { ["value"] = value?.DeepClone() });
    }

    /// <summary>One user's limits, as the object that sets them.</summary>
    public static async Task ShowOfUserAsync(ControlSession session, string user)
    {
        session.Say($"Listing limits for user \"{user}\" ...");
        try
        {
            var limits = (await session.Api.GetAsync(BrokerApi.Path("user-limits", user))).EnumerateArray();
            session.Tell(limits.Select(static row => row.GetProperty("value").GetRawText()).FirstOrDefault("{}"), null);
        }
        catch (ControlException e) when (e.Status == HttpStatusCode.NotFound)
        {
            throw new ControlException(ControlExit.Invalid, $"User \"{user}\" does not exist");
        }
    }

    public static async Task ClearAsync(ActionInput i, string kind, string path, string of)
    {
        var limit = i.Optional("LIMIT") ?? "all";
        i.Say(kind == "user"
            ? $"Clearing \"{limit}\" limit for user \"{of}\" ..."
            : $"Clearing vhost \"{of}\" limits ...");
        string[] names = limit != "all" ? [limit]
            : kind == "user" ? ["max-connections", "max-channels"] : ["max-connections", "max-queues"];
        foreach (var name in names)
            await i.DeleteAsync(BrokerApi.Path(path, of, name));
    }
}
