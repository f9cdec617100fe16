using System.Text;
using System.Text.Json;
using Levada.Amqp;
using Levada.Auth;
using Levada.Definitions;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// What an import of definitions comes to, found out before anything is changed: what is wrong with it as things are
/// now, and what becomes of each object. Under the catalog's lock; nothing here changes anything.
/// </summary>
internal sealed partial class ImportPlan
{
    private readonly DefinitionsDocument _document;
    private readonly IReadOnlyDictionary<string, VHost> _vhosts;
    private readonly CatalogOptions _options;
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _newVHosts;
    private readonly Dictionary<(string VHost, string Name), ExchangeDefinition> _newExchanges = [];
    private readonly Dictionary<(string VHost, string Name), QueueDefinition> _newQueues = [];

    /// <param name="document">What is to be imported.</param>
    /// <param name="vhosts">The newest virtual hosts.</param>
    /// <param name="accounts">The newest users.</param>
    /// <param name="globals">The newest global parameters.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="FormatException">It cannot be imported; the text says why.</exception>
    public ImportPlan(
        DefinitionsDocument document, IReadOnlyDictionary<string, VHost> vhosts, Accounts accounts,
        IReadOnlyDictionary<string, string> globals, CatalogOptions options)
    {
        (_document, _vhosts, _options) = (document, vhosts, options);
        _newVHosts = [.. document.VHosts.Select(static v => v.Name).Where(name => !vhosts.ContainsKey(name))];
        PlanVHosts();
        PlanUsers(accounts);
        foreach (var (name, json) in document.GlobalParameters)
            Add("global_parameter", null, name, globals.TryGetValue(name, out var now) ? IsSameJson(now, json) : null);
        PlanParameters();
        foreach (var (vhost, entry) in document.Exchanges)
            PlanExchange(vhost, entry);
        foreach (var (vhost, entry) in document.Queues)
            PlanQueue(vhost, entry);
        CheckQueueLimits();
        foreach (var (vhost, entry) in document.Bindings)
            PlanBinding(vhost, entry);
        if (_faults.Count > 0)
            throw new FormatException(DefinitionsDocument.Describe(_faults));
    }

    /// <summary>What becomes of each object, in the order of the import.</summary>
    public List<DefinitionChange> Changes { get; } = [];

    /// <summary>Users as they shall be, with their permissions; only those that change.</summary>
    public Dictionary<string, User> Users { get; } = [];

    public IEnumerable<(string VHost, ExchangeDefinition Exchange)> NewExchanges =>
        _newExchanges.Select(static e => (e.Key.VHost, e.Value));

    public IEnumerable<(string VHost, QueueDefinition Queue)> NewQueues =>
        _newQueues.Select(static q => (q.Key.VHost, q.Value));

    /// <summary>Those of the document that are not there yet; their ends are there, or are new.</summary>
    public List<(string VHost, BindingEntry Binding)> NewBindings { get; } = [];

    private void PlanVHosts()
    {
        foreach (var (name, vhost) in _document.VHosts)
        {
            if (name.Length == 0)
                _faults.Add("a vhost has a name");
            IsName(name, $"vhost '{name}'");
            var now = _vhosts.GetValueOrDefault(name)?.NewestMetadata;
            Add("vhost", null, name, now is null ? null : vhost.Apply(now) == now);
        }
    }

    private void PlanParameters()
    {
        foreach (var (component, name, json, change) in _document.Parameters)
        {
            var vhost = FindVHost(change.VHost, $"parameter '{name}' of {component}");
            var now = vhost is null
                ? null
                : ParameterRules.All(vhost).FirstOrDefault(p => p.Component == component && p.Name == name);
            Check(vhost, change);
            Add("parameter", change.VHost, $"{component}/{name}", now is null ? null : IsSameJson(now.Json, json));
        }

        foreach (var policy in _document.Policies)
        {
            var vhost = FindVHost(policy.VHost, $"{policy}");
            Check(vhost, ParameterRules.SetPolicy(policy));
            var now = vhost?.NewestPolicies.Own.Find(policy.Name);
            Add("policy", policy.VHost, policy.Name, now is null ? null : IsSame(now, policy));
        }
    }

    private static bool IsSameJson(string a, string b) =>
        JsonElement.DeepEquals(JsonElement.Parse(a), JsonElement.Parse(b));

    private static bool IsSame(Policy a, Policy b) =>
        a.Pattern.Text == b.Pattern.Text && a.ApplyTo == b.ApplyTo && a.Priority == b.Priority
        && a.Definition.Equals(b.Definition);

    private void Check(VHost? vhost, VHostChange change)
    {
        if (vhost is not null)
            Guard("", () => change.Check(vhost));
    }

    private void PlanExchange(string vhost, ExchangeEntry entry)
    {
        var what = $"exchange '{entry.Name}' in vhost '{vhost}'";
        var found = FindVHost(vhost, what);
        if (entry.Name.Length == 0 || _newExchanges.ContainsKey((vhost, entry.Name)) || !IsName(entry.Name, what))
            return;
        if (!ExchangeTypes.TryParse(entry.Type, out var type))
        {
            _faults.Add($"{what}: unknown exchange type '{entry.Type}'");
            return;
        }

        var definition = new ExchangeDefinition(
            entry.Name, type, entry.Durable, entry.AutoDelete, entry.Internal, entry.Arguments);
        // Those that every virtual host has are in a new one, too.
        var now = found is not null
            ? found.NewestExchanges.TryGet(Utf8(entry.Name), out var there) ? there : null
            : null;
        if (now is not null)
        {
            Add("exchange", vhost, entry.Name, Differs(() => Equivalence.Check(now, definition)));
            return;
        }

        if (found is null && CatalogStore.IsPredeclared(entry.Name))
            return;
        Guard(what, () =>
        {
            ExchangeArguments.CheckAlternate(entry.Name, vhost, entry.Arguments);
            ExchangeArguments.Check(definition, vhost, _options);
        });
        _newExchanges.Add((vhost, entry.Name), definition);
        Add("exchange", vhost, entry.Name, isSame: null);
    }

    private void PlanQueue(string vhost, QueueEntry entry)
    {
        var what = $"queue '{entry.Name}' in vhost '{vhost}'";
        var found = FindVHost(vhost, what);
        if (_newQueues.ContainsKey((vhost, entry.Name)) || !IsName(entry.Name, what))
            return;
        if (entry.Name.Length == 0)
        {
            _faults.Add($"{what}: it has no name");
            return;
        }

        var definition = new QueueDefinition(
            entry.Name, entry.Durable, Exclusive: false, entry.AutoDelete, entry.Arguments, TypeOf(entry), Owner: null);
        if (found is not null && found.NewestQueues.TryGet(Utf8(entry.Name), out var now))
        {
            Add("queue", vhost, entry.Name, Differs(() => Equivalence.Check(now, definition)));
            return;
        }

        Guard(what, () =>
        {
            QueueArguments.CheckDeadLetterExchange(entry.Name, vhost, entry.Arguments);
            QueueArguments.Check(definition, vhost, _options);
        });
        _newQueues.Add((vhost, entry.Name), definition);
        Add("queue", vhost, entry.Name, isSame: null);
    }

    // A default is for who declares: what was exported without a type was a classic queue.
    private static QueueType? TypeOf(QueueEntry entry) =>
        entry.Arguments.TryGet(QueueArguments.Type, out var named) ? QueueArguments.TypeOf(named) : QueueType.Classic;

    private void CheckQueueLimits()
    {
        foreach (var group in _newQueues.Keys.GroupBy(static key => key.VHost))
        {
            var found = _vhosts.GetValueOrDefault(group.Key);
            var bound = Bound.QueuesOf(found?.NewestLimits ?? VHostLimits.None, _options.QueueMaxPerVHost);
            var before = found?.NewestQueues.Count ?? 0;
            if (!bound.IsReached(before + group.Count() - 1))
                continue;
            _options.QueueRefused();
            _faults.Add(Errors.QueueLimit(group.First().Name, group.Key, bound, before).Text);
        }
    }

    // The virtual host if it is there; null if it is new, or is not, which is a fault.
    private VHost? FindVHost(string name, string what)
    {
        if (_vhosts.GetValueOrDefault(name) is { } found)
            return found;
        if (!_newVHosts.Contains(name))
            _faults.Add($"{what}: there is no vhost '{name}', and the definitions bring none");
        return null;
    }

    private bool IsName(string name, string what)
    {
        if (Encoding.UTF8.GetByteCount(name) <= byte.MaxValue)
            return true;
        _faults.Add($"{what}: the name is longer than 255 octets");
        return false;
    }

    private void Guard(string what, Action check)
    {
        try
        {
            check();
        }
        catch (AmqpException fault)
        {
            _faults.Add($"{what}: {fault.Text}");
        }
        catch (RefusedDefinitionException fault)
        {
            _faults.Add(fault.Message.Trim());
        }
    }

    private static bool Differs(Action compare)
    {
        try
        {
            compare();
            return true;
        }
        catch (AmqpException)
        {
            // Whatever differs: neither queues nor exchanges are changed.
            return false;
        }
    }

    private void Add(string kind, string? vhost, string name, bool? isSame) => Changes.Add(new DefinitionChange(
        kind, vhost, name,
        isSame switch
        {
            null => DefinitionOutcome.Added,
            true => DefinitionOutcome.Unchanged,
            false when kind is "exchange" or "queue" => DefinitionOutcome.Kept,
            false => DefinitionOutcome.Changed,
        }));

    private static byte[] Utf8(string name) => Encoding.UTF8.GetBytes(name);
}
