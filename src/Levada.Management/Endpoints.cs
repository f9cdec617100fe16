using Levada.Management.Api;
using Levada.Management.Lists;
using Levada.Management.Metrics;
using Levada.Management.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Levada.Management;

/// <summary>Every path there is, and who answers it.</summary>
internal static class Endpoints
{
    /// <summary>The path is, or may come to be, answered here, and so is none for AMQP over WebSocket.</summary>
    public static bool IsOwnPath(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal)
        || IsMetricsPath(path);

    public static bool IsMetricsPath(PathString path) => path.StartsWithSegments("/metrics", StringComparison.Ordinal);

    public static void Map(
        IEndpointRouteBuilder routes, Broker broker, BrokerOptions options, IReadOnlyList<Listener> http,
        SampledObjects sampled)
    {
        var roles = new Roles(broker);
        var overview = new OverviewEndpoint(broker, http);
        var connections = new ConnectionsEndpoint(broker);
        var channels = new ChannelsEndpoint(broker);
        var trace = new TraceEndpoint(broker, options);
        routes.MapGet("/api/overview", overview.GetAsync);
        routes.MapGet("/api/health/checks/alarms", context => AlarmsCheck.GetAsync(context, broker));
        routes.MapGet("/api/connections", connections.ListAsync);
        routes.MapGet(
            "/api/connections/closed", context => ClosedEndpoint.ConnectionsAsync(context, broker));
        routes.MapGet(
            "/api/connections/summary",
            context => ConnectionSummaryEndpoint.GetAsync(context, broker));
        routes.MapGet("/api/connections/{name}", connections.GetAsync);
        routes.MapGet("/api/connections/{name}/channels", channels.OfConnectionAsync);
        routes.MapGet("/api/channels", channels.ListAsync);
        routes.MapGet(
            "/api/channels/closed", context => ClosedEndpoint.ChannelsAsync(context, broker));
        routes.MapGet("/api/channels/{name}", channels.GetAsync);
        routes.MapGet("/api/churn", context => ChurnEndpoint.GetAsync(context, broker));
        routes.MapGet("/api/warnings", context => WarningsEndpoint.GetAsync(context, broker));
        foreach (var path in (string[])["/api/connections/{name}/trace", "/api/channels/{name}/trace"])
        {
            routes.MapPut(path, trace.StartAsync);
            routes.MapGet(path, trace.GetAsync);
            routes.MapDelete(path, trace.StopAsync);
        }
        MapOperator(routes, broker);
        MapNode(routes, broker, options, http, roles);
        MapHealth(routes, broker, options, http);
        MapUsers(routes, broker, roles);
        MapVHosts(routes, broker, roles, sampled);
        MapExchanges(routes, broker, roles, sampled);
        MapQueues(routes, broker, roles);
        MapDefinitions(routes, broker, roles);
        MapPolicies(routes, broker, roles);
        MapLimits(routes, broker, roles);
        MapParameters(routes, broker, roles);
        MapConfiguration(routes, broker, roles);
        MapMemory(routes, broker, roles);
        MapMetrics(routes, broker, options);
    }

    /// <summary>Answers that go on until the client or the broker goes.</summary>
    public static void MapStreams(IEndpointRouteBuilder routes, Broker broker, IHostApplicationLifetime lifetime)
    {
        var roles = new Roles(broker);
        routes.MapGet("/api/events", roles.Monitor(new EventsEndpoint(broker, lifetime).GetAsync))
            .WithMetadata(OwnStream.Mark);
        var logs = new LogsEndpoint(broker, lifetime);
        routes.MapGet("/api/logs", roles.Administrator(logs.GetAsync)).WithMetadata(OwnStream.Mark);
        routes.MapGet("/api/livelog", roles.Administrator(logs.LiveAsync)).WithMetadata(OwnStream.Mark);
        routes.MapPut("/api/logs/rotate", logs.RotateAsync);
        routes.MapPost("/api/logs/rotate", logs.RotateAsync);
    }

    /// <summary>What there is, for programs and people.</summary>
    public static void MapOpenApi(IEndpointRouteBuilder routes)
    {
        var document = new OpenApiEndpoint(routes);
        routes.MapGet("/api/openapi.json", document.GetAsync);
        routes.MapGet("/api", document.ReadAsync);
        routes.MapGet("/api/index.html", document.ReadAsync);
    }

    private static void MapOperator(IEndpointRouteBuilder routes, Broker broker)
    {
        const string consumer = "/api/consumers/{vhost}/{name}/{channel}/{tag}";
        var actions = new OperatorEndpoint(broker);
        var drain = new DrainEndpoint(broker);
        routes.MapDelete("/api/connections/{name}", actions.CloseConnectionAsync);
        routes.MapDelete("/api/connections/username/{name}", actions.CloseUserConnectionsAsync);
        routes.MapDelete("/api/channels/{name}", actions.CloseChannelAsync);
        routes.MapPut("/api/channels/{name}", actions.SetChannelPrefetchAsync);
        routes.MapPut("/api/channels/{name}/pause", actions.PauseAsync);
        routes.MapPut("/api/channels/{name}/resume", actions.ResumeAsync);
        routes.MapPost("/api/channels/{name}/requeue", actions.RequeueAsync);
        routes.MapDelete(consumer, actions.CancelConsumerAsync);
        routes.MapPut(consumer, actions.SetConsumerPrefetchAsync);
        routes.MapGet("/api/drain", drain.GetAsync);
        routes.MapPost("/api/drain", drain.StartAsync);
        routes.MapPost("/api/revive", drain.ReviveAsync);
        routes.MapPut("/api/listeners/suspend", drain.SuspendAsync);
        routes.MapPut("/api/listeners/resume", drain.ResumeAsync);
        routes.MapGet("/api/health/checks/is-in-service", drain.CheckAsync);
        routes.MapGet(
            "/api/connections/username/{name}", new ConnectionsEndpoint(broker).OfUserAsync);
        routes.MapGet("/api/audit", context => AuditEndpoint.ListAsync(context, broker));
    }

    private static void MapMetrics(IEndpointRouteBuilder routes, Broker broker, BrokerOptions options)
    {
        var (metrics, roles) = (new MetricsEndpoint(broker, options), new Roles(broker));
        routes.MapGet("/metrics", Allowed(metrics.AggregatedAsync));
        routes.MapGet("/metrics/per-object", Allowed(metrics.PerObjectAsync));
        routes.MapGet("/metrics/detailed", Allowed(metrics.DetailedAsync));
        routes.MapGet("/metrics/memory-breakdown", Allowed(metrics.MemoryAsync));

        RequestDelegate Allowed(RequestDelegate next) => options.MetricsNeedLogin ? roles.Monitor(next) : next;
    }

    private static void MapNode(
        IEndpointRouteBuilder routes, Broker broker, BrokerOptions options, IReadOnlyList<Listener> http, Roles roles)
    {
        var nodes = new NodesEndpoint(broker, options, http);
        var cluster = new ClusterEndpoint(broker);
        var attempts = new AttemptsEndpoint(broker);
        routes.MapGet("/api/nodes", roles.Monitor(nodes.ListAsync));
        routes.MapGet("/api/nodes/gc_stats", roles.Monitor(NodesEndpoint.CollectorAsync));
        routes.MapGet("/api/nodes/{node}", roles.Monitor(nodes.GetAsync));
        routes.MapGet("/api/cluster-name", cluster.NameAsync);
        routes.MapPut("/api/cluster-name", roles.Administrator(cluster.SetNameAsync));
        routes.MapGet("/api/version", ClusterEndpoint.VersionAsync);
        routes.MapGet("/api/auth", ClusterEndpoint.AuthAsync);
        routes.MapPost("/api/login", ClusterEndpoint.DoneAsync);
        routes.MapGet("/api/feature-flags", roles.Administrator(ClusterEndpoint.FeaturesAsync));
        routes.MapPut("/api/feature-flags/{name}/enable", roles.Administrator(ClusterEndpoint.EnableFeatureAsync));
        foreach (var path in (string[])["extensions", "shovels", "federation-links", "federation-links/state/down"])
            routes.MapGet($"/api/{path}", ClusterEndpoint.NoneAsync);
        foreach (var path in (string[])["shovels", "federation-links"])
            routes.MapGet($"/api/{path}/{{vhost}}", roles.InVHost(ClusterEndpoint.NoneAsync, "vhost"));
        foreach (var path in (string[])["deprecated-features", "deprecated-features/used"])
            routes.MapGet($"/api/{path}", roles.Administrator(ClusterEndpoint.NoneAsync));
        routes.MapPost("/api/rebalance/queues", roles.Administrator(ClusterEndpoint.DoneAsync));
        routes.MapPost("/api/vhosts/{name}/start/{node}", roles.Administrator(cluster.StartVHostAsync));
        routes.MapDelete("/api/reset", roles.Administrator(attempts.ResetAsync));
        routes.MapDelete("/api/reset/{node}", roles.Administrator(attempts.ResetAsync));
        routes.MapGet("/api/auth/attempts/{node}", roles.Monitor(attempts.ListAsync));
        routes.MapGet("/api/auth/attempts/{node}/source", roles.Monitor(attempts.ListSourcesAsync));
        routes.MapDelete("/api/auth/attempts/{node}", roles.Monitor(attempts.ResetAsync));
        routes.MapDelete("/api/auth/attempts/{node}/source", roles.Monitor(attempts.ResetAsync));
    }

    private static void MapHealth(
        IEndpointRouteBuilder routes, Broker broker, BrokerOptions options, IReadOnlyList<Listener> http)
    {
        const string checks = "/api/health/checks";
        var health = new HealthEndpoint(broker, options, http);
        routes.MapGet($"{checks}/local-alarms", context => AlarmsCheck.GetAsync(context, broker));
        routes.MapGet($"{checks}/virtual-hosts", health.VHostsAsync);
        routes.MapGet($"{checks}/port-listener/{{port}}", health.PortAsync);
        routes.MapGet($"{checks}/protocol-listener/{{protocols}}", health.ProtocolAsync);
        routes.MapGet(
            $"{checks}/certificate-expiration/{{within}}/{{unit}}", health.CertificatesAsync);
        routes.MapGet($"{checks}/ready-to-serve-clients", health.ReadyAsync);
        routes.MapGet($"{checks}/below-node-connection-limit", health.ConnectionsAsync);
        foreach (var check in (string[])["node-is-quorum-critical", "node-is-mirror-sync-critical"])
            routes.MapGet($"{checks}/{check}", HealthEndpoint.SingleNodeAsync);
        string[] always =
        [
            $"{checks}/reached-target-cluster-size", $"{checks}/metadata-store/initialized",
            $"{checks}/metadata-store/initialized/with-data",
            $"{checks}/quorum-queues-without-elected-leaders/all-vhosts",
            $"{checks}/quorum-queues-without-elected-leaders/vhost/{{vhost}}", "/api/healthchecks/node",
            "/api/healthchecks/node/{node}",
        ];
        foreach (var path in always)
            routes.MapGet(path, HealthEndpoint.WellAsync);
    }

    private static void MapMemory(IEndpointRouteBuilder routes, Broker broker, Roles roles)
    {
        var memory = new MemoryEndpoint(broker);
        routes.MapGet("/api/nodes/{name}/memory", roles.Monitor(memory.GetAsync));
        routes.MapGet("/api/nodes/{name}/memory/relative", roles.Monitor(memory.GetRelativeAsync));
        routes.MapPost("/api/nodes/gc_collect", memory.CollectAsync);
        routes.MapPost("/api/nodes/{name}/gc_collect", memory.CollectAsync);
    }

    private static void MapUsers(IEndpointRouteBuilder routes, Broker broker, Roles roles)
    {
        var users = new UsersEndpoint(broker);
        var permissions = new PermissionsEndpoint(broker);
        var topics = new TopicPermissionsEndpoint(broker);
        routes.MapGet("/api/whoami", users.WhoAmIAsync);
        routes.MapGet("/api/auth/hash_password/{password}", UsersEndpoint.HashAsync);
        routes.MapPost("/api/auth/hash_password/{password}", UsersEndpoint.HashAsync);
        routes.MapPut("/api/auth/hash_password", UsersEndpoint.HashOfBodyAsync);
        routes.MapGet("/api/users", roles.Administrator(users.ListAsync));
        routes.MapGet("/api/users/without-permissions", roles.Administrator(users.ListWithoutPermissionsAsync));
        routes.MapPost("/api/users/bulk-delete", roles.Administrator(users.DeleteManyAsync));
        routes.MapGet("/api/users/{name}", roles.Administrator(users.GetAsync));
        routes.MapPut("/api/users/{name}", users.PutAsync);
        routes.MapDelete("/api/users/{name}", users.DeleteAsync);
        routes.MapGet("/api/users/{name}/queues", roles.Administrator(new QueuesEndpoint(broker).OfUserAsync));
        routes.MapGet("/api/users/{name}/permissions", roles.Administrator(permissions.Lists.OfUserAsync));
        routes.MapGet("/api/users/{name}/topic-permissions", roles.Administrator(topics.Lists.OfUserAsync));
        routes.MapGet("/api/permissions", roles.Administrator(permissions.Lists.AllAsync));
        routes.MapGet("/api/permissions/{vhost}/{user}", roles.Administrator(permissions.GetAsync));
        routes.MapPut("/api/permissions/{vhost}/{user}", permissions.PutAsync);
        routes.MapDelete("/api/permissions/{vhost}/{user}", permissions.DeleteAsync);
        routes.MapGet("/api/topic-permissions", roles.Administrator(topics.Lists.AllAsync));
        routes.MapGet("/api/topic-permissions/{vhost}/{user}", roles.Administrator(topics.GetAsync));
        routes.MapPut("/api/topic-permissions/{vhost}/{user}", topics.PutAsync);
        routes.MapDelete("/api/topic-permissions/{vhost}/{user}", topics.DeleteAsync);
    }

    private static void MapVHosts(
        IEndpointRouteBuilder routes, Broker broker, Roles roles, SampledObjects sampled)
    {
        const string vhost = "/api/vhosts/{name}";
        var vhosts = new VHostsEndpoint(broker, sampled);
        routes.MapGet("/api/vhosts", vhosts.ListAsync);
        routes.MapGet(vhost, roles.InVHost(vhosts.GetAsync, "name"));
        routes.MapPut(vhost, vhosts.PutAsync);
        routes.MapDelete(vhost, vhosts.DeleteAsync);
        routes.MapPost($"{vhost}/deletion/protection", vhosts.ProtectAsync);
        routes.MapDelete($"{vhost}/deletion/protection", vhosts.UnprotectAsync);
        routes.MapGet($"{vhost}/permissions", roles.Administrator(new PermissionsEndpoint(broker).Lists.OfVHostAsync));
        routes.MapGet(
            $"{vhost}/topic-permissions", roles.Administrator(new TopicPermissionsEndpoint(broker).Lists.OfVHostAsync));
        routes.MapGet($"{vhost}/connections", roles.InVHost(new ConnectionsEndpoint(broker).OfVHostAsync, "name"));
        routes.MapGet($"{vhost}/channels", roles.InVHost(new ChannelsEndpoint(broker).OfVHostAsync, "name"));
    }

    private static void MapDefinitions(IEndpointRouteBuilder routes, Broker broker, Roles roles)
    {
        var definitions = new DefinitionsEndpoint(broker);
        routes.MapGet("/api/definitions", roles.Administrator(definitions.GetAsync));
        routes.MapGet("/api/definitions/{vhost}", roles.Administrator(definitions.OfVHostAsync));
        // LavinMQ's forms go to paths of their own.
        foreach (var path in (string[])["", "/upload", "/{vhost}", "/{vhost}/upload"])
            routes.MapPost($"/api/definitions{path}", roles.Administrator(definitions.PostAsync));
    }

    private static void MapExchanges(
        IEndpointRouteBuilder routes, Broker broker, Roles roles, SampledObjects sampled)
    {
        const string exchange = "/api/exchanges/{vhost}/{name}";
        const string ends = "/api/bindings/{vhost}/e/{source}/{kind}/{destination}";
        var exchanges = new ExchangesEndpoint(broker, sampled);
        var bindings = new BindingsEndpoint(broker);
        routes.MapGet("/api/exchanges", exchanges.ListAsync);
        routes.MapGet("/api/exchanges/{vhost}", roles.InVHost(exchanges.OfVHostAsync));
        var publish = new PublishEndpoint(broker);
        routes.MapPost($"{exchange}/publish", roles.InVHost(publish.PublishAsync));
        routes.MapGet("/api/aliveness-test/{vhost}", roles.InVHost(publish.TestAsync));
        routes.MapGet(exchange, roles.InVHost(exchanges.GetAsync));
        routes.MapPut(exchange, roles.InVHost(exchanges.PutAsync));
        routes.MapDelete(exchange, roles.InVHost(exchanges.DeleteAsync));
        routes.MapGet($"{exchange}/bindings/source", roles.InVHost(bindings.OfSourceAsync));
        routes.MapGet($"{exchange}/bindings/destination", roles.InVHost(bindings.OfDestinationAsync));
        routes.MapGet("/api/bindings", bindings.ListAsync);
        routes.MapGet("/api/bindings/{vhost}", roles.InVHost(bindings.OfVHostAsync));
        routes.MapGet(ends, roles.InVHost(bindings.BetweenAsync));
        routes.MapPost(ends, roles.InVHost(bindings.PostAsync));
        routes.MapGet($"{ends}/{{props}}", roles.InVHost(bindings.GetAsync));
        routes.MapDelete($"{ends}/{{props}}", roles.InVHost(bindings.DeleteAsync));
    }

    private static void MapQueues(IEndpointRouteBuilder routes, Broker broker, Roles roles)
    {
        const string queue = "/api/queues/{vhost}/{name}";
        var queues = new QueuesEndpoint(broker);
        var actions = new QueueActionsEndpoint(broker);
        routes.MapGet("/api/queues", queues.ListAsync);
        routes.MapGet("/api/queues/detailed", queues.ListAsync);
        routes.MapGet("/api/queues/{vhost}", roles.InVHost(queues.OfVHostAsync));
        routes.MapGet(queue, roles.InVHost(queues.GetAsync));
        routes.MapPut(queue, roles.InVHost(queues.PutAsync));
        routes.MapDelete(queue, roles.InVHost(queues.DeleteAsync));
        routes.MapDelete($"{queue}/contents", roles.InVHost(queues.PurgeAsync));
        routes.MapGet($"{queue}/unacked", roles.InVHost(queues.UnacknowledgedAsync));
        routes.MapGet($"{queue}/bindings", roles.InVHost(new BindingsEndpoint(broker).OfQueueAsync));
        routes.MapPost($"{queue}/actions", roles.Administrator(roles.InVHost(actions.ActAsync)));
        routes.MapPut($"{queue}/restart", roles.InVHost(actions.RestartAsync));
        var messages = new QueueMessagesEndpoint(broker);
        routes.MapPut($"{queue}/pause", roles.InVHost(messages.PauseAsync));
        routes.MapPut($"{queue}/resume", roles.InVHost(messages.ResumeAsync));
        routes.MapGet($"{queue}/messages", roles.InVHost(messages.ListAsync));
        routes.MapPost($"{queue}/get", roles.InVHost(messages.FetchAsync));
        routes.MapPost($"{queue}/move", roles.InVHost(messages.MoveAsync));
        routes.MapGet("/api/consumers", queues.ConsumersAsync);
        routes.MapGet("/api/consumers/{vhost}", roles.InVHost(queues.ConsumersOfVHostAsync));
    }

    private static void MapPolicies(IEndpointRouteBuilder routes, Broker broker, Roles roles)
    {
        foreach (var (path, isOperator) in ((string, bool)[])
            [("/api/policies", false), ("/api/operator-policies", true)])
        {
            var policies = new PoliciesEndpoint(broker, isOperator);
            routes.MapGet(path, policies.ListAsync);
            routes.MapGet(path + "/{vhost}", roles.InVHost(policies.OfVHostAsync));
            routes.MapGet(path + "/{vhost}/{name}", roles.InVHost(policies.GetAsync));
            routes.MapPut(path + "/{vhost}/{name}", roles.InVHost(policies.PutAsync));
            routes.MapDelete(path + "/{vhost}/{name}", roles.InVHost(policies.DeleteAsync));
        }
    }

    private static void MapLimits(IEndpointRouteBuilder routes, Broker broker, Roles roles)
    {
        var limits = new LimitsEndpoint(broker);
        routes.MapGet("/api/vhost-limits", limits.VHostsAsync);
        routes.MapGet("/api/vhost-limits/{vhost}", roles.InVHost(limits.OfVHostAsync));
        routes.MapPut("/api/vhost-limits/{vhost}/{name}", limits.PutOfVHostAsync);
        routes.MapDelete("/api/vhost-limits/{vhost}/{name}", limits.DeleteOfVHostAsync);
        routes.MapGet("/api/user-limits", limits.UsersAsync);
        routes.MapGet("/api/user-limits/{user}", limits.OfUserAsync);
        routes.MapPut("/api/user-limits/{user}/{name}", limits.PutOfUserAsync);
        routes.MapDelete("/api/user-limits/{user}/{name}", limits.DeleteOfUserAsync);
    }

    private static void MapParameters(IEndpointRouteBuilder routes, Broker broker, Roles roles)
    {
        const string one = "/api/parameters/{component}/{vhost}/{name}";
        var parameters = new ParametersEndpoint(broker);
        var globals = new GlobalParametersEndpoint(broker);
        routes.MapGet("/api/parameters", roles.PolicyMaker(parameters.ListAsync));
        routes.MapGet("/api/parameters/{component}", roles.PolicyMaker(parameters.OfComponentAsync));
        routes.MapGet(
            "/api/parameters/{component}/{vhost}", roles.PolicyMaker(roles.InVHost(parameters.OfVHostAsync)));
        routes.MapGet(one, roles.PolicyMaker(roles.InVHost(parameters.GetAsync)));
        routes.MapPut(one, roles.InVHost(parameters.PutAsync));
        routes.MapDelete(one, roles.InVHost(parameters.DeleteAsync));
        routes.MapGet("/api/global-parameters", roles.PolicyMaker(globals.ListAsync));
        routes.MapGet("/api/global-parameters/{name}", roles.PolicyMaker(globals.GetAsync));
        routes.MapPut("/api/global-parameters/{name}", globals.PutAsync);
        routes.MapDelete("/api/global-parameters/{name}", globals.DeleteAsync);
    }

    private static void MapConfiguration(IEndpointRouteBuilder routes, Broker broker, Roles roles)
    {
        var configuration = new ConfigurationEndpoint(broker);
        routes.MapGet("/api/config/effective", roles.Administrator(configuration.EffectiveAsync));
        routes.MapPut("/api/config/effective/{name}", configuration.SetAsync);
        routes.MapPut("/api/config/reload", configuration.ReloadAsync);
        routes.MapPost("/api/config/reload", configuration.ReloadAsync);
    }
}
