using System.Collections.Immutable;
using Levada.Amqp;
using Levada.Protocol;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// GET /api/connections/summary?group_by=user,product,…: how many connections and channels each application has, in one
/// look; the group with most channels first. With vhost=NAME those of one virtual host. Who is neither administrator
/// nor monitoring sees its own.
/// </summary>
internal static class ConnectionSummaryEndpoint
{
    private const char Separator = '\0';

    private static readonly Dictionary<string, Func<ConnectionSnapshot, string>> Fields = new()
    {
        ["user"] = static c => c.User,
        ["vhost"] = static c => c.VHost,
        ["product"] = static c => Property(c.ClientProperties, "product"),
        ["platform"] = static c => Property(c.ClientProperties, "platform"),
        ["connection_name"] = static c => c.ClientName,
        ["peer_host"] = static c => EndPointText.HostOf(c.Peer),
        ["state"] = static c => c.State,
    };

    public static Task GetAsync(HttpContext context, Broker broker)
    {
        var fields = context.Request.Query.TryGetValue("group_by", out var asked)
            ? ((string?)asked ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : ["user"];
        return Array.Find(fields, static f => !Fields.ContainsKey(f)) is { } unknown
            ? Reply.BadRequestAsync(
                context, $"group_by does not know '{unknown}': it takes {string.Join(", ", Fields.Keys)}")
            : Reply.OkAsync(
                context, Summary(broker, Wanted(broker, context), fields),
                ApiJson.Default.IReadOnlyListConnectionGroupReply);
    }

    private static IEnumerable<Connection> Wanted(Broker broker, HttpContext context)
    {
        var visible = ConnectionsEndpoint.Visible(broker, context);
        return (string?)context.Request.Query["vhost"] is { } vhost
            ? visible.Where(connection => connection.VHost?.Name == vhost)
            : visible;
    }

    private static IReadOnlyList<ConnectionGroupReply> Summary(
        Broker broker, IEnumerable<Connection> connections, string[] fields)
    {
        var warnings = broker.Warnings.Current.CountBy(static w => w.Connection).ToDictionary();
        var groups = new Dictionary<string, (ImmutableArray<(string, string)> Key, ConnectionGroup Sums)>();
        foreach (var connection in connections)
        {
            var snapshot = connection.TakeSnapshot();
            var values = Array.ConvertAll(fields, f => Fields[f](snapshot));
            var text = string.Join(Separator, values);
            if (!groups.TryGetValue(text, out var group))
                groups.Add(text, group = ([.. fields.Zip(values)], new ConnectionGroup()));
            group.Sums.Add(snapshot, warnings.GetValueOrDefault(snapshot.Name));
        }
        return [.. groups.Values.Select(static g => g.Sums.ToReply(g.Key))
            .OrderByDescending(static g => g.Channels).ThenByDescending(static g => g.Connections)];
    }

    private static string Property(FieldTable properties, string name) =>
        properties.TryGet(name, out var value) && value.TryGetString(out var text) ? text : "";
}
