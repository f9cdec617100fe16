using System.Text.Json;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// The name of the cluster, and RabbitMQ's paths for what a single node without plugins has none of: they are answered
/// as by a node that has none.
/// </summary>
internal sealed class ClusterEndpoint(Broker broker)
{
    // What RabbitMQ could do without and this broker always can.
    private static readonly string[] Features =
    [
        "classic_mirrored_queue_version", "direct_exchange_routing_v2", "drop_unroutable_metric",
        "empty_basic_get_metric", "implicit_default_bindings", "maintenance_mode_status", "quorum_queue",
        "stream_queue", "user_limits", "virtual_host_metadata",
    ];

    public Task NameAsync(HttpContext context) =>
        Reply.OkAsync(context, new NameReply(broker.ClusterName), ApiJson.Default.NameReply);

    /// <summary>{"name": TEXT}: clients are told it when they connect.</summary>
    public async Task SetNameAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, static body => body.Text("name")) is not { } name)
            return;
        var json = JsonSerializer.Serialize(name, ApiJson.Default.String);
        await OperatorEndpoint.AnswerAsync(
            context, by => broker.Actions.SetGlobalParameterAsync(by, Broker.ClusterNameParameter, json));
    }

    public static Task VersionAsync(HttpContext context) => Reply.OkAsync(
        context, new VersionReply("Levada", Broker.Version, NodeFacts.RabbitVersion), ApiJson.Default.VersionReply);

    /// <summary>How users log in: by name and password.</summary>
    public static Task AuthAsync(HttpContext context) =>
        Reply.OkAsync(context, new AuthReply(), ApiJson.Default.AuthReply);

    public static Task FeaturesAsync(HttpContext context) => ListReply.WriteAsync(
        context, Features.Select(static name => new FeatureReply(name)), ApiJson.Default.FeatureReply,
        static reply => reply.Name);

    /// <summary>All that are known are on.</summary>
    public static Task EnableFeatureAsync(HttpContext context)
    {
        if (!Features.Contains(PathName.Of(context)))
            return Reply.BadRequestAsync(context, "unsupported");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>An empty list: of plugins, of features that will go, of shovels and links.</summary>
    public static Task NoneAsync(HttpContext context) => ListReply.WriteAsync(
        context, Array.Empty<NameReply>(), ApiJson.Default.NameReply, static reply => reply.Name);

    /// <summary>Queues are where they are: there is no other node.</summary>
    public static Task DoneAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>A virtual host that is there runs.</summary>
    public Task StartVHostAsync(HttpContext context)
    {
        var (node, vhost) = (PathName.Of(context, "node"), PathName.Of(context));
        if (node != broker.NodeName)
            return Reply.BadRequestAsync(context, $"Request to node {node} failed with nodedown");
        return broker.Catalog.FindVHost(vhost) is null
            ? Reply.BadRequestAsync(context, $"Request to node {node} failed: there is no vhost '{vhost}'")
            : DoneAsync(context);
    }
}
