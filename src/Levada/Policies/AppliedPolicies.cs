using Levada.Protocol;

namespace Levada.Policies;

/// <summary>The policies that count for one queue or exchange. Immutable.</summary>
public sealed class AppliedPolicies
{
    private AppliedPolicies(Policy? own, Policy? @operator)
    {
        Own = own;
        Operator = @operator;
        Definition = Merge(own?.Definition, @operator?.Definition);
    }

    public static AppliedPolicies None { get; } = new(null, null);

    public Policy? Own { get; }

    public Policy? Operator { get; }

    /// <summary>
    /// What both say together: of a number the lower one, of anything else what the operator says.
    /// </summary>
    public FieldTable Definition { get; }

    public static AppliedPolicies Of(Policy? own, Policy? @operator) =>
        own is null && @operator is null ? None : new AppliedPolicies(own, @operator);

    /// <summary>The same policies, not others with the same names.</summary>
    public bool IsSame(AppliedPolicies other) =>
        ReferenceEquals(Own, other.Own) && ReferenceEquals(Operator, other.Operator);

    /// <summary>The text of a key; null if it has none.</summary>
    public string? Text(string key) =>
        Definition.TryGet(key, out var value) && value.TryGetString(out var text) ? text : null;

    /// <summary>The number of a key; null if it has none.</summary>
    public long? Number(string key) =>
        Definition.TryGet(key, out var value) && value.TryGetInteger(out var number) ? number : null;

    /// <summary>Whether a key is there and true.</summary>
    public bool Flag(string key) =>
        Definition.TryGet(key, out var value) && value.Type == FieldType.Boolean && value.AsBoolean;

    private static FieldTable Merge(FieldTable? own, FieldTable? caps)
    {
        if (own is null || caps is null)
            return own ?? caps ?? FieldTable.Empty;
        var merged = new FieldTable();
        foreach (var (key, value) in own)
        {
            merged.Add(key, !caps.TryGet(key, out var cap)
                ? value
                : value.TryGetInteger(out var asked) && cap.TryGetInteger(out var most)
                    ? FieldValue.Long(Lower(key, asked, most))
                    : cap);
        }
        foreach (var (key, cap) in caps)
        {
            if (!own.Contains(key))
                merged.Add(key, cap);
        }
        return merged;
    }

    /// <summary>
    /// Which of two numbers for one thing counts: the lower, but for those that ask for no limit.
    /// </summary>
    public static long Lower(string key, long one, long other)
    {
        var isUnlimited = key switch
        {
            PolicyKeys.DeliveryLimit => one < 0 || other < 0,
            PolicyKeys.ConsumerTimeout => one == 0 || other == 0,
            _ => false,
        };
        return isUnlimited ? Math.Max(one, other) : Math.Min(one, other);
    }
}
