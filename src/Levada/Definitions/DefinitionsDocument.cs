using System.Text.Json;
using Levada.Auth;
using Levada.Catalog;
using Levada.Policies;

namespace Levada.Definitions;

/// <summary>
/// A definitions file of RabbitMQ, LavinMQ or this broker, read, and checked as far as it can be by itself. What it
/// does not mention it leaves as it is.
/// </summary>
public sealed class DefinitionsDocument
{
    private const int FaultsShown = 10;

    private readonly List<string> _faults = [];

    private DefinitionsDocument(DefinitionObject root, string? vhost)
    {
        if (vhost is null)
            ReadNode(root);
        foreach (var item in Items(root, "parameters"))
            Add(Parameters, () => ReadParameter(item, VHostOf(item, vhost)));
        foreach (var item in Items(root, "policies"))
        {
            Add(Policies, () => PolicyRules.Read(
                VHostOf(item, vhost), item.Text("name"), isOperator: false, item.Json));
        }

        foreach (var item in Items(root, "exchanges"))
            Add(Exchanges, () => (VHostOf(item, vhost), ExchangeEntry.Read(item)));
        foreach (var item in Items(root, "queues"))
            Add(Queues, () => (VHostOf(item, vhost), QueueEntry.Read(item)));
        foreach (var item in Items(root, "bindings"))
            Add(Bindings, () => (VHostOf(item, vhost), BindingEntry.Read(item)));
    }

    public List<(string Name, VHostDefinition VHost)> VHosts { get; } = [];

    public List<(string Name, UserDefinition User)> Users { get; } = [];

    public List<(string User, string VHost, Permissions Permissions)> Permissions { get; } = [];

    public List<(string User, string VHost, string Exchange, TopicPermissions Permissions)> TopicPermissions { get; } =
        [];

    /// <summary>As JSON.</summary>
    public List<(string Name, string Value)> GlobalParameters { get; } = [];

    /// <summary>Limits and operator policies among them.</summary>
    public List<(string Component, string Name, string Json, VHostChange Change)> Parameters { get; } = [];

    public List<Policy> Policies { get; } = [];

    public List<(string VHost, ExchangeEntry Exchange)> Exchanges { get; } = [];

    public List<(string VHost, QueueEntry Queue)> Queues { get; } = [];

    public List<(string VHost, BindingEntry Binding)> Bindings { get; } = [];

    /// <summary>One that says nothing.</summary>
    public static DefinitionsDocument Make() => Read(JsonElement.Parse("{}"));

    /// <param name="json">The whole of it.</param>
    /// <param name="vhost">
    /// Only what belongs to a virtual host is taken, and to this one, wherever it came from; null: all is taken.
    /// </param>
    /// <exception cref="FormatException">Something in it is wrong: the text says what, and where.</exception>
    public static DefinitionsDocument Read(JsonElement json, string? vhost = null)
    {
        var document = new DefinitionsDocument(new DefinitionObject(json), vhost);
        if (document._faults.Count > 0)
            throw new FormatException(Describe(document._faults));
        return document;
    }

    /// <summary>Takes in another one; where both say something of the same, that one counts.</summary>
    public void Append(DefinitionsDocument other)
    {
        VHosts.AddRange(other.VHosts);
        Users.AddRange(other.Users);
        Permissions.AddRange(other.Permissions);
        TopicPermissions.AddRange(other.TopicPermissions);
        GlobalParameters.AddRange(other.GlobalParameters);
        Parameters.AddRange(other.Parameters);
        Policies.AddRange(other.Policies);
        Exchanges.AddRange(other.Exchanges);
        Queues.AddRange(other.Queues);
        Bindings.AddRange(other.Bindings);
    }

    /// <summary>Several faults as one text.</summary>
    internal static string Describe(List<string> faults)
    {
        var more = faults.Count - FaultsShown;
        return string.Join("; ", faults.Take(FaultsShown)) + (more > 0 ? $"; and {more} more" : "");
    }

    private void ReadNode(DefinitionObject root)
    {
        var algorithm = DefaultAlgorithm(root);
        foreach (var item in Items(root, "vhosts"))
            Add(VHosts, () => (item.Text("name"), VHostDefinition.Read(item)));
        foreach (var item in Items(root, "users"))
            Add(Users, () => (item.Text("name"), UserDefinition.Read(item, algorithm)));
        foreach (var item in Items(root, "permissions"))
        {
            Add(Permissions, () => (
                item.Text("user"), item.Text("vhost"),
                new Permissions(item.Text("configure"), item.Text("write"), item.Text("read"))));
        }

        foreach (var item in Items(root, "global_parameters"))
        {
            // What RabbitMQ keeps for itself is that cluster's.
            if (item.TextOrNull("name")?.StartsWith("internal_", StringComparison.Ordinal) != true)
                Add(GlobalParameters, () => (item.Text("name"), Value(item).GetRawText()));
        }

        foreach (var item in Items(root, "topic_permissions"))
        {
            Add(TopicPermissions, () =>
            {
                var (user, vhost) = (item.Text("user"), item.Text("vhost"));
                return (user, vhost, item.Text("exchange"),
                    new TopicPermissions(user, vhost, item.Text("write"), item.Text("read")));
            });
        }
    }

    private IEnumerable<DefinitionObject> Items(DefinitionObject root, string key)
    {
        try
        {
            return [.. root.Objects(key)];
        }
        catch (FormatException fault)
        {
            _faults.Add(fault.Message);
            return [];
        }
    }

    private void Add<T>(List<T> to, Func<T> read)
    {
        try
        {
            to.Add(read());
        }
        catch (Exception fault) when (fault is FormatException or RefusedDefinitionException)
        {
            _faults.Add(fault.Message.Trim().Replace("\n\n", ": ", StringComparison.Ordinal));
        }
    }

    private static (string, string, string, VHostChange) ReadParameter(DefinitionObject item, string vhost)
    {
        var (component, name, value) = (item.Text("component"), item.Text("name"), Value(item));
        return (component, name, value.GetRawText(), ParameterRules.Read(vhost, component, name, value));
    }

    private static JsonElement Value(DefinitionObject item) =>
        item.Find("value") ?? throw item.Fault("value", "is missing");

    private static string VHostOf(DefinitionObject item, string? vhost) => vhost ?? item.Text("vhost");

    // RabbitMQ named the algorithm from 3.6 on; before there was but one.
    private static string DefaultAlgorithm(DefinitionObject root) =>
        (root.TextOrNull("rabbit_version") ?? root.TextOrNull("rabbitmq_version")) is { } text
        && Version.TryParse(text.Split('-', '+')[0], out var version) && version < new Version(3, 6)
            ? PasswordHash.Md5
            : PasswordHash.Sha256;
}
