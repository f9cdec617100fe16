using Levada.Protocol;

namespace Levada.Policies;

/// <summary>
/// A rule for the queues and exchanges whose names it matches. Never changes: one that is set again is another object.
/// </summary>
public sealed class Policy
{
    public required string VHost { get; init; }

    public required string Name { get; init; }

    public required PolicyPattern Pattern { get; init; }

    public PolicyTarget ApplyTo { get; init; }

    /// <summary>Of those that match one thing the highest counts, alone.</summary>
    public int Priority { get; init; }

    /// <summary>Checked by <see cref="PolicyRules"/>.</summary>
    public required FieldTable Definition { get; init; }

    /// <summary>It caps what arguments and other policies ask for.</summary>
    public bool IsOperator { get; init; }

    /// <summary>Somebody was told that its pattern is given up. Owner: the catalog's lock.</summary>
    internal bool IsGivenUpTold { get; set; }

    public override string ToString() => $"{(IsOperator ? "operator policy" : "policy")} '{Name}' of vhost '{VHost}'";
}
