using System.Text.Json;
using Levada.Auth;
using Levada.Catalog;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Definitions;

/// <summary>
/// Definitions as RabbitMQ and LavinMQ take them. Left out is what every virtual host has, and what is a connection's
/// own: exclusive queues and their bindings.
/// </summary>
public static class DefinitionsWriter
{
    /// <summary>Everything.</summary>
    public static byte[] Write(CatalogStore catalog, string version) => Write(writer =>
    {
        writer.WriteString("levada_version", version);
        writer.WriteString("product_name", "Levada");
        writer.WriteString("product_version", version);
        var users = catalog.Accounts.Users.Values.OrderBy(static user => user.Name, StringComparer.Ordinal).ToList();
        VHost[] vhosts = [.. catalog.VHosts.OrderBy(static vhost => vhost.Name, StringComparer.Ordinal)];
        List(writer, "users", users, Write);
        List(writer, "vhosts", vhosts, Write);
        List(
            writer, "permissions",
            users.SelectMany(static u => u.Permissions.OrderBy(static p => p.Key, StringComparer.Ordinal)
                .Select(p => (u, p.Key, p.Value))),
            Write);
        List(
            writer, "topic_permissions",
            users.SelectMany(static u => u.TopicPermissions.OrderBy(static p => p.Key)
                .Select(p => (u, p.Key, p.Value))),
            Write);
        List(writer, "global_parameters", catalog.GlobalParameters, Write);
        WriteObjects(writer, vhosts, isWhole: true);
    });

    /// <summary>What is in one virtual host.</summary>
    public static byte[] Write(VHost vhost, string version) => Write(writer =>
    {
        writer.WriteString("levada_version", version);
        WriteObjects(writer, [vhost], isWhole: false);
    });

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteObjects(Utf8JsonWriter writer, IReadOnlyList<VHost> vhosts, bool isWhole)
    {
        Of("parameters", ParameterRules.All, static (writer, parameter) =>
        {
            writer.WriteString("component", parameter.Component);
            writer.WriteString("name", parameter.Name);
            writer.WritePropertyName("value");
            writer.WriteRawValue(parameter.Json);
        });
        Of("policies", static vhost => vhost.Policies.Own.All, Write);
        Of("queues", static vhost => Sorted(vhost.Queues().Where(static q => !q.Exclusive), static q => q.Name), Write);
        Of("exchanges", static vhost => Sorted(vhost.Exchanges().Where(IsOwn), static e => e.Name), Write);
        Of("bindings", BindingsIn, Write);

        void Of<T>(string key, Func<VHost, IEnumerable<T>> all, Action<Utf8JsonWriter, T> write) => List(
            writer, key, vhosts.SelectMany(vhost => all(vhost).Select(item => (vhost.Name, item))), (writer, item) =>
            {
                if (isWhole)
                    writer.WriteString("vhost", item.Name);
                write(writer, item.item);
            });
    }

    private static bool IsOwn(Exchange exchange) =>
        !exchange.IsDefault && !exchange.Name.StartsWith("amq.", StringComparison.Ordinal);

    private static IEnumerable<Binding> BindingsIn(VHost vhost) =>
        Sorted(vhost.Exchanges(), static e => e.Name).SelectMany(VHost.BindingsFrom)
            .Where(static binding => binding.Queue is not { Exclusive: true })
            .OrderBy(static b => b.Source.Name, StringComparer.Ordinal)
            .ThenBy(static b => b.DestinationName, StringComparer.Ordinal)
            .ThenBy(static b => b.RoutingKey, StringComparer.Ordinal);

    private static IEnumerable<T> Sorted<T>(IEnumerable<T> all, Func<T, string> name) =>
        all.OrderBy(name, StringComparer.Ordinal);

    private static void List<T>(
        Utf8JsonWriter writer, string key, IEnumerable<T> all, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(key);
        foreach (var item in all)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, User user)
    {
        writer.WriteString("name", user.Name);
        writer.WriteString("password_hash", user.Password?.Text ?? "");
        writer.WriteString("hashing_algorithm", user.Password?.Algorithm ?? PasswordHash.Sha256);
        Texts(writer, "tags", user.Tags);
        writer.WriteStartObject("limits");
        if (user.MaxConnections is { } connections)
            writer.WriteNumber("max-connections", connections);
        if (user.MaxChannels is { } channels)
            writer.WriteNumber("max-channels", channels);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, VHost vhost)
    {
        var metadata = vhost.Metadata;
        writer.WriteString("name", vhost.Name);
        writer.WriteString("description", metadata.Description);
        Texts(writer, "tags", metadata.Tags);
        if (metadata.DefaultQueueType is { } type)
            writer.WriteString("default_queue_type", type);
        writer.WriteBoolean("protected_from_deletion", metadata.IsProtected);
        writer.WriteBoolean("tracing", metadata.IsTracing);
        writer.WritePropertyName("metadata");
        FieldTableJson.Write(writer, metadata.ToDefinition());
    }

    private static void Write(Utf8JsonWriter writer, (User User, string VHost, Permissions Permissions) entry)
    {
        writer.WriteString("user", entry.User.Name);
        writer.WriteString("vhost", entry.VHost);
        writer.WriteString("configure", entry.Permissions.Configure.Pattern);
        writer.WriteString("write", entry.Permissions.Write.Pattern);
        writer.WriteString("read", entry.Permissions.Read.Pattern);
    }

    private static void Write(
        Utf8JsonWriter writer, (User User, (string VHost, string Exchange) At, TopicPermissions Permissions) entry)
    {
        writer.WriteString("user", entry.User.Name);
        writer.WriteString("vhost", entry.At.VHost);
        writer.WriteString("exchange", entry.At.Exchange);
        writer.WriteString("write", entry.Permissions.Write);
        writer.WriteString("read", entry.Permissions.Read);
    }

    private static void Write(Utf8JsonWriter writer, KeyValuePair<string, string> parameter)
    {
        writer.WriteString("name", parameter.Key);
        writer.WritePropertyName("value");
        writer.WriteRawValue(parameter.Value);
    }

    private static void Write(Utf8JsonWriter writer, Policy policy)
    {
        writer.WriteString("name", policy.Name);
        writer.WriteString("pattern", policy.Pattern.Text);
        writer.WriteString("apply-to", policy.ApplyTo.Name());
        writer.WriteNumber("priority", policy.Priority);
        writer.WritePropertyName("definition");
        FieldTableJson.Write(writer, policy.Definition);
    }

    private static void Write(Utf8JsonWriter writer, Queue queue)
    {
        writer.WriteString("name", queue.Name);
        writer.WriteBoolean("durable", queue.Durable);
        writer.WriteBoolean("auto_delete", queue.AutoDelete);
        writer.WritePropertyName("arguments");
        // What it is by a default is no default elsewhere.
        var isByDefault = queue.Type != QueueType.Classic && !queue.Arguments.Contains(QueueEntry.TypeArgument);
        FieldTableJson.Write(
            writer,
            isByDefault
                ? QueueEntry.With(queue.Arguments, QueueEntry.TypeArgument, queue.Type.Name())
                : queue.Arguments);
    }

    private static void Write(Utf8JsonWriter writer, Exchange exchange)
    {
        writer.WriteString("name", exchange.Name);
        writer.WriteString("type", exchange.Type.Name());
        writer.WriteBoolean("durable", exchange.Durable);
        writer.WriteBoolean("auto_delete", exchange.AutoDelete);
        writer.WriteBoolean("internal", exchange.Internal);
        writer.WritePropertyName("arguments");
        FieldTableJson.Write(writer, exchange.Arguments);
    }

    private static void Write(Utf8JsonWriter writer, Binding binding)
    {
        writer.WriteString("source", binding.Source.Name);
        writer.WriteString("destination", binding.DestinationName);
        writer.WriteString("destination_type", binding.Queue is null ? "exchange" : "queue");
        writer.WriteString("routing_key", binding.RoutingKey);
        writer.WritePropertyName("arguments");
        FieldTableJson.Write(writer, binding.Arguments);
    }

    private static void Texts(Utf8JsonWriter writer, string key, IEnumerable<string> texts)
    {
        writer.WriteStartArray(key);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
