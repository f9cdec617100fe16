using Levada.Management.Api;
using Levada.Management.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Levada.Management;

/// <summary>Every path there is, and who answers it.</summary>
internal static class Endpoints
{
    /// <summary>The path is, or may come to be, answered here, and so is none for AMQP over WebSocket.</summary>
    public static bool IsOwnPath(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal)
        || path.StartsWithSegments("/metrics", StringComparison.Ordinal);

    public static void Map(
        IEndpointRouteBuilder routes, Broker broker, BrokerOptions options, IReadOnlyList<Listener> http,
        ILoggerFactory loggers)
    {
        var overview = new OverviewEndpoint(broker, http);
        var connections = new ConnectionsEndpoint(broker);
        var channels = new ChannelsEndpoint(broker);
        var trace = new TraceEndpoint(broker, options, loggers.CreateLogger<TraceEndpoint>());
        var metrics = new MetricsEndpoint(broker, options);
        routes.MapGet("/api/overview", overview.GetAsync);
        routes.MapGet("/api/health/checks/alarms", context => AlarmsCheck.GetAsync(context, broker));
        routes.MapGet("/api/connections", connections.ListAsync);
        routes.MapGet("/api/connections/closed", context => ClosedEndpoint.ConnectionsAsync(context, broker));
        routes.MapGet("/api/connections/{name}", connections.GetAsync);
        routes.MapGet("/api/connections/{name}/channels", channels.OfConnectionAsync);
        routes.MapGet("/api/channels", channels.ListAsync);
        routes.MapGet("/api/channels/closed", context => ClosedEndpoint.ChannelsAsync(context, broker));
        routes.MapGet("/api/channels/{name}", channels.GetAsync);
        routes.MapGet("/api/churn", context => ChurnEndpoint.GetAsync(context, broker));
        routes.MapGet("/api/warnings", context => WarningsEndpoint.GetAsync(context, broker));
        foreach (var path in (string[])["/api/connections/{name}/trace", "/api/channels/{name}/trace"])
        {
            routes.MapPut(path, trace.StartAsync);
            routes.MapGet(path, trace.GetAsync);
            routes.MapDelete(path, trace.StopAsync);
        }
        routes.MapGet("/metrics", metrics.GetAsync);
        MapOperator(routes, broker);
        routes.MapFallback(context => Reply.ErrorAsync(
            context, StatusCodes.Status404NotFound, "not_found", "Not Found"));
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
        routes.MapGet("/api/health/checks/is-in-service", drain.CheckAsync);
        routes.MapGet("/api/audit", context => AuditEndpoint.ListAsync(context, broker));
    }
}
