using System.Collections.Immutable;

namespace Levada.Policies;

/// <summary>
/// The policies of a virtual host, or its operator policies. Immutable: a change gives another one.
/// </summary>
public sealed class PolicySet
{
    private readonly ImmutableSortedDictionary<string, Policy> _byName;

    // The highest priority first; of equal ones by name, so that it is the same one after a restart.
    private readonly Policy[] _byPriority;

    private PolicySet(ImmutableSortedDictionary<string, Policy> byName)
    {
        _byName = byName;
        _byPriority = [.. byName.Values.OrderByDescending(static policy => policy.Priority)];
    }

    public static PolicySet Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, Policy>(StringComparer.Ordinal));

    /// <summary>By name.</summary>
    public IEnumerable<Policy> All => _byName.Values;

    public int Count => _byName.Count;

    public Policy? Find(string name) => _byName.GetValueOrDefault(name);

    public PolicySet With(Policy policy) => new(_byName.SetItem(policy.Name, policy));

    public PolicySet Without(string name) => new(_byName.Remove(name));

    /// <summary>The one that counts for a thing; null if none does.</summary>
    /// <param name="kind">What it is: classic or quorum queue, or exchange.</param>
    /// <param name="name">Its name.</param>
    public Policy? Match(PolicyTarget kind, string name) => Array.Find(
        _byPriority, policy => policy.ApplyTo.Covers(kind) && policy.Pattern.Matches(name));
}
