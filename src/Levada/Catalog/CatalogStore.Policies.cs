using System.Collections.Immutable;
using Levada.Policies;

namespace Levada.Catalog;

// Policies, parameters and limits.
public sealed partial class CatalogStore
{
    private volatile ImmutableSortedDictionary<string, string> _globals =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    // The newest ones, under the lock.
    private ImmutableSortedDictionary<string, string> _newestGlobals =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Settings of the whole broker that tools keep here: JSON by name.</summary>
    public ImmutableSortedDictionary<string, string> GlobalParameters => _globals;

    /// <summary>
    /// Sets a policy, parameter or limits (<see cref="ParameterRules"/>). Queues and exchanges that are there follow a
    /// policy; connections and queues above a limit stay.
    /// </summary>
    /// <exception cref="RefusedDefinitionException">
    /// There is no such virtual host, or the pattern of a policy takes too long.
    /// </exception>
    /// <exception cref="Amqp.AmqpException">506: the disk is full.</exception>
    public void Set(VHostChange set, Action? done = null, string? by = null)
    {
        Make(change =>
        {
            _commits.CheckRoom(0);
            var vhost = NewestVHost(set.VHost);
            set.Check(vhost);
            set.Set(change, vhost);
            change.Done = done;
        }, by);
    }

    /// <summary>Changes what a virtual host may hold; connections and queues above it stay.</summary>
    /// <exception cref="RefusedDefinitionException">There is no such virtual host.</exception>
    /// <exception cref="Amqp.AmqpException">506: the disk is full.</exception>
    public void UpdateLimits(
        string vhost, Func<VHostLimits, VHostLimits> alter, Action? done = null, string? by = null)
    {
        Make(change =>
        {
            _commits.CheckRoom(0);
            var found = NewestVHost(vhost);
            ParameterSteps.SetLimits(change, found, alter(found.NewestLimits));
            change.Done = done;
        }, by);
    }

    /// <summary>Removes a policy; nothing if it is gone already.</summary>
    public void DeletePolicy(string vhost, bool isOperator, string name, Action? done = null, string? by = null) =>
        RemoveFromVHost(vhost, done, by, (change, found) =>
        {
            if (found.NewestPolicies.Of(isOperator).Find(name) is { } policy)
                PolicySteps.Remove(change, found, policy);
        });

    /// <summary>Removes a parameter; nothing if it is gone already.</summary>
    public void DeleteParameter(
        string vhost, string component, string name, Action? done = null, string? by = null) =>
        RemoveFromVHost(vhost, done, by, (change, found) => ParameterRules.Remove(change, found, component, name));

    /// <summary>Sets a parameter of the whole broker.</summary>
    /// <exception cref="Amqp.AmqpException">506: the disk is full.</exception>
    public void SetGlobalParameter(string name, string json, Action? done = null)
    {
        Make(change =>
        {
            _commits.CheckRoom(0);
            SetGlobalParameter(change, name, json);
            change.Done = done;
        });
    }

    /// <summary>Removes one; nothing if it is gone already.</summary>
    public void DeleteGlobalParameter(string name, Action? done = null)
    {
        Make(change =>
        {
            change.Done = done;
            if (!_newestGlobals.ContainsKey(name))
                return;
            ShowGlobals(change, _newestGlobals.Remove(name));
            change.Record.RemoveGlobalParameter(name);
        });
    }

    // As a part of a change. Under the lock.
    private void SetGlobalParameter(Change change, string name, string json)
    {
        ShowGlobals(change, _newestGlobals.SetItem(name, json));
        change.Record.SetGlobalParameter(name, json);
    }

    private void ShowGlobals(Change change, ImmutableSortedDictionary<string, string> globals)
    {
        _newestGlobals = globals;
        change.Show(() => _globals = globals);
    }

    private VHost NewestVHost(string name) => _newestVHosts.GetValueOrDefault(name)
        ?? throw new RefusedDefinitionException($"vhost '{name}' does not exist");

    private void RemoveFromVHost(string name, Action? done, string? by, Action<Change, VHost> remove)
    {
        Make(change =>
        {
            change.Done = done;
            if (_newestVHosts.TryGetValue(name, out var vhost))
                remove(change, vhost);
        }, by);
    }

    private string? ReplayPolicy(Change change, ref RecordReader from)
    {
        var vhost = VHostToFill(change, from.Text());
        var (name, isOperator, pattern) = (from.Text(), from.Bool(), from.Text());
        var (target, priority, definition) = (PolicyTargets.Find(from.Text()), from.I32(), from.Table());
        if (from.Failed)
            return null;
        try
        {
            vhost.NewestPolicies = vhost.NewestPolicies.With(new Policy
            {
                VHost = vhost.Name,
                Name = name,
                IsOperator = isOperator,
                Pattern = new PolicyPattern(pattern),
                ApplyTo = target ?? throw new FormatException("what it applies to is not known"),
                Priority = priority,
                Definition = definition,
            });
            return null;
        }
        catch (FormatException fault)
        {
            return $"policy '{name}' of vhost '{vhost.Name}' cannot be taken over: {fault.Message}";
        }
    }

    private string? ReplayRemovedPolicy(Change change, ref RecordReader from)
    {
        var vhost = VHostToFill(change, from.Text());
        var (name, isOperator) = (from.Text(), from.Bool());
        vhost.NewestPolicies = vhost.NewestPolicies.Without(isOperator, name);
        return null;
    }

    private string? ReplayParameter(Change change, ref RecordReader from)
    {
        var vhost = VHostToFill(change, from.Text());
        var parameter = new Parameter(vhost.Name, from.Text(), from.Text(), from.Text());
        if (!from.Failed)
        {
            vhost.NewestParameters =
                vhost.NewestParameters.SetItem((parameter.Component, parameter.Name), parameter);
        }
        return null;
    }

    private string? ReplayRemovedParameter(Change change, ref RecordReader from)
    {
        var vhost = VHostToFill(change, from.Text());
        vhost.NewestParameters = vhost.NewestParameters.Remove((from.Text(), from.Text()));
        return null;
    }
}
