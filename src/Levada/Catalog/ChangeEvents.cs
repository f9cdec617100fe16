using Levada.Amqp;
using Levada.Auth;
using Levada.Events;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// What one change of the definitions is told about as events, when it is visible: see <see cref="EventExchange"/>.
/// </summary>
/// <param name="by">The user who asked for it; null if nobody did.</param>
internal sealed class ChangeEvents(string? by)
{
    private readonly List<(string Key, FieldTable Headers)> _events = [];

    /// <summary>Tells them, in their order.</summary>
    public void Raise(Action<string, FieldTable> happened)
    {
        foreach (var (key, headers) in _events)
            happened(key, headers);
    }

    public void Created(Queue queue) => Add("queue.created")
        .Add("exclusive", queue.Exclusive)
        .Add("owner_pid", (queue.Owner as Connection)?.Name ?? "")
        .Add("arguments", ErlangTerms.Of(queue.Arguments))
        .Add("auto_delete", queue.AutoDelete)
        .Add("durable", queue.Durable)
        .Add("name", queue.Name)
        .Add("vhost", queue.VHost);

    public void Deleted(Queue queue) => Add("queue.deleted").Add("name", queue.Name).Add("vhost", queue.VHost);

    public void Created(Exchange exchange) => Add("exchange.created")
        .Add("policy", exchange.Policies.Own?.Name ?? "")
        .Add("arguments", ErlangTerms.Of(exchange.Arguments))
        .Add("internal", exchange.Internal)
        .Add("auto_delete", exchange.AutoDelete)
        .Add("durable", exchange.Durable)
        .Add("type", exchange.Type.Name())
        .Add("name", exchange.Name)
        .Add("vhost", exchange.VHost);

    public void Deleted(Exchange exchange) =>
        Add("exchange.deleted").Add("name", exchange.Name).Add("vhost", exchange.VHost);

    public void Created(Binding binding) => Add("binding.created", binding);

    public void Deleted(Binding binding) => Add("binding.deleted", binding);

    public void Created(VHost vhost) => Add("vhost.created").Add("name", vhost.Name);

    public void Deleted(VHost vhost) => Add("vhost.deleted").Add("name", vhost.Name);

    public void Set(Policy policy) => Add("policy.set")
        .Add("definition", ErlangTerms.Of(policy.Definition))
        .Add("priority", (long)policy.Priority)
        .Add("apply-to", policy.ApplyTo.Name())
        .Add("pattern", policy.Pattern.Text)
        .Add("name", policy.Name)
        .Add("vhost", policy.VHost);

    public void Cleared(Policy policy) => Add(policy.IsOperator ? "operator.policy.cleared" : "policy.cleared")
        .Add("name", policy.Name)
        .Add("vhost", policy.VHost);

    /// <summary>A virtual host may hold something else.</summary>
    public void Limited(string vhost, VHostLimits limits)
    {
        var headers = Add(limits == VHostLimits.None ? "vhost.limits.cleared" : "vhost.limits.set");
        AddLimits(headers, ("max-connections", limits.MaxConnections), ("max-queues", limits.MaxQueues));
        headers.Add("vhost", vhost);
    }

    public void Set(Parameter parameter) => Add("parameter.set")
        .Add("value", parameter.Json)
        .Add("name", parameter.Name)
        .Add("component", parameter.Component)
        .Add("vhost", parameter.VHost);

    public void Cleared(Parameter parameter) => Add("parameter.cleared")
        .Add("name", parameter.Name)
        .Add("component", parameter.Component)
        .Add("vhost", parameter.VHost);

    /// <summary>A user came, went or is another now.</summary>
    public void Changed(User? old, User? now)
    {
        if (now is null)
        {
            Add("user.deleted").Add("name", old!.Name);
            return;
        }
        if (old is null)
            Add("user.created").Add("name", now.Name);
        else if (old.Password?.Text != now.Password?.Text)
            Add("user.password.changed").Add("name", now.Name);
        if (old is null ? now.Tags.Length > 0 : !old.Tags.SequenceEqual(now.Tags))
        {
            Add("user.tags.set")
                .Add("tags", FieldValue.Array([.. now.Tags.Select(static tag => FieldValue.String(tag))]))
                .Add("name", now.Name);
        }

        foreach (var (vhost, permissions) in now.Permissions)
        {
            if (old?.Permissions.GetValueOrDefault(vhost) != permissions)
                Granted(now.Name, vhost, permissions);
        }
        foreach (var vhost in old?.Permissions.Keys ?? [])
        {
            if (!now.Permissions.ContainsKey(vhost))
                Add("permission.deleted").Add("vhost", vhost).Add("user", now.Name);
        }
        TopicsChanged(old, now);
        if (old?.MaxConnections != now.MaxConnections || old?.MaxChannels != now.MaxChannels)
        {
            var isNone = now.MaxConnections is null && now.MaxChannels is null;
            var headers = Add(isNone ? "user.limits.cleared" : "user.limits.set");
            AddLimits(headers, ("max-connections", now.MaxConnections), ("max-channels", now.MaxChannels));
            headers.Add("username", now.Name);
        }
    }

    // RabbitMQ's events are about the parameter that limits are there, and so called "limits".
    private static void AddLimits(FieldTable headers, params ReadOnlySpan<(string Name, int? Value)> limits)
    {
        foreach (var (name, value) in limits)
        {
            if (value is { } number)
                headers.Add(name, (long)number);
        }
        headers.Add("name", "limits");
    }

    private void TopicsChanged(User? old, User now)
    {
        foreach (var ((vhost, exchange), permissions) in now.TopicPermissions)
        {
            if (old?.TopicPermissions.GetValueOrDefault((vhost, exchange)) == permissions)
                continue;
            Add("topic.permission.created")
                .Add("read", permissions.Read)
                .Add("write", permissions.Write)
                .Add("exchange", exchange)
                .Add("vhost", vhost)
                .Add("user", now.Name);
        }
        foreach (var key in old?.TopicPermissions.Keys ?? [])
        {
            if (!now.TopicPermissions.ContainsKey(key))
            {
                Add("topic.permission.deleted").Add("exchange", key.Exchange).Add("vhost", key.VHost)
                    .Add("user", now.Name);
            }
        }
    }

    private void Granted(string user, string vhost, Permissions permissions) => Add("permission.created")
        .Add("read", permissions.Read.Pattern)
        .Add("write", permissions.Write.Pattern)
        .Add("configure", permissions.Configure.Pattern)
        .Add("vhost", vhost)
        .Add("user", user);

    private void Add(string key, Binding binding) => Add(key)
        .Add("vhost", binding.Source.VHost)
        .Add("arguments", ErlangTerms.Of(binding.Arguments))
        .Add("routing_key", FieldValue.String(binding.RoutingKeyUtf8))
        .Add("destination_kind", binding.Queue is null ? "exchange" : "queue")
        .Add("destination_name", binding.DestinationName)
        .Add("source_kind", "exchange")
        .Add("source_name", binding.Source.Name);

    private FieldTable Add(string key)
    {
        var headers = EventExchange.By(by);
        _events.Add((key, headers));
        return headers;
    }
}
