using Levada.Management.Api;
using static Levada.Management.OpenApi.Operation;

namespace Levada.Management.OpenApi;

/// <summary>The node as one of a cluster, which it is alone, and its health checks, by RabbitMQ's paths.</summary>
internal static class ClusterOperations
{
    private const string Checks = "/api/health/checks";

    private static readonly (string Path, string Summary)[] HealthChecks =
    [
        ($"{Checks}/local-alarms", "503 while a memory or disk alarm is on"),
        ($"{Checks}/virtual-hosts", "503 if a virtual host is not up"),
        ($"{Checks}/port-listener/{{port}}", "503 if nobody listens at the port"),
        ($"{Checks}/protocol-listener/{{protocols}}", "503 if nobody listens for one of the protocols"),
        ($"{Checks}/certificate-expiration/{{within}}/{{unit}}", "503 if a certificate ends within so many days or so"),
        ($"{Checks}/ready-to-serve-clients", "503 while the node is drained or publishing is blocked"),
        ($"{Checks}/below-node-connection-limit", "503 if as many connections are open as may be"),
        ($"{Checks}/node-is-quorum-critical", "Always well: a single node"),
        ($"{Checks}/node-is-mirror-sync-critical", "Always well: a single node"),
        ($"{Checks}/reached-target-cluster-size", "Always well: a single node"),
        ($"{Checks}/metadata-store/initialized", "Always well: it is before anything is answered"),
        ($"{Checks}/metadata-store/initialized/with-data", "Always well: it is before anything is answered"),
        ($"{Checks}/quorum-queues-without-elected-leaders/all-vhosts", "Always well: a single node"),
        ($"{Checks}/quorum-queues-without-elected-leaders/vhost/{{vhost}}", "Always well: a single node"),
        ("/api/healthchecks/node", "Well, if it answers"),
        ("/api/healthchecks/node/{node}", "Well, if it answers"),
    ];

    private static readonly (string Path, string Summary)[] Empty =
    [
        ("/api/extensions", "Plugins of the web page: none"),
        ("/api/shovels", "Shovels: none"),
        ("/api/shovels/{vhost}", "Shovels: none"),
        ("/api/federation-links", "Federation links: none"),
        ("/api/federation-links/state/down", "Federation links: none"),
        ("/api/federation-links/{vhost}", "Federation links: none"),
        ("/api/deprecated-features", "Features that will go: none"),
        ("/api/deprecated-features/used", "Features that will go: none"),
    ];

    public static IReadOnlyDictionary<string, Operation> All { get; } = Collect();

    private static Dictionary<string, Operation> Collect()
    {
        var all = new Dictionary<string, Operation>
        {
            ["GET /api/nodes"] = List("The node, of which there is one", ApiJson.Default.NodeReply),
            ["GET /api/nodes/{node}"] = One("The node: what it takes, holds and does", ApiJson.Default.NodeReply),
            ["GET /api/nodes/gc_stats"] = One("The runtime's heap", ApiJson.Default.CollectorReply),
            ["GET /api/cluster-name"] = One("The name that clients are told", ApiJson.Default.NameReply),
            ["PUT /api/cluster-name"] = Done("Sets it", """{"name":"north"}"""),
            ["GET /api/version"] = One("What answers", ApiJson.Default.VersionReply),
            ["GET /api/auth"] = One("How to log in; anybody may ask", ApiJson.Default.AuthReply),
            ["POST /api/login"] = Done("204 if name and password are right"),
            ["GET /api/auth/attempts/{node}"] = List("Logins by protocol", ApiJson.Default.AttemptsReply),
            ["GET /api/auth/attempts/{node}/source"] =
                List("Logins by address and user, if these are counted", ApiJson.Default.SourceAttemptsReply),
            ["DELETE /api/auth/attempts/{node}"] = Done("Counts them anew"),
            ["DELETE /api/auth/attempts/{node}/source"] = Done("Counts them anew"),
            ["DELETE /api/reset"] = Done("Counts logins anew"),
            ["DELETE /api/reset/{node}"] = Done("Counts logins anew"),
            ["GET /api/feature-flags"] = List("RabbitMQ's feature flags, all on", ApiJson.Default.FeatureReply),
            ["PUT /api/feature-flags/{name}/enable"] = Done("Nothing: it is on"),
            ["POST /api/rebalance/queues"] = Done("Nothing: there is one node"),
            ["POST /api/vhosts/{name}/start/{node}"] = Done("Nothing: a virtual host that is there runs"),
            ["GET /api/aliveness-test/{vhost}"] =
                One("Declares a queue, publishes to it and gets the message", ApiJson.Default.StatusReply),
        };
        foreach (var (path, summary) in HealthChecks)
            all.Add($"GET {path}", One(summary, ApiJson.Default.StatusReply));
        all[$"GET {Checks}/local-alarms"] = One("503 while a memory or disk alarm is on", ApiJson.Default.AlarmsReply);
        foreach (var (path, summary) in Empty)
            all.Add($"GET {path}", List(summary, ApiJson.Default.NameReply));
        return all;
    }
}
