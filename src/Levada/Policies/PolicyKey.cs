using Levada.Protocol;

namespace Levada.Policies;

/// <summary>One thing that policies may define.</summary>
/// <param name="Name">In the definition.</param>
/// <param name="IsValid">Whether it may have a value.</param>
/// <param name="What">What it is, for texts.</param>
public sealed record PolicyKey(string Name, Predicate<FieldValue> IsValid, string What)
{
    /// <summary>Operator policies have it.</summary>
    public bool Caps { get; init; }

    /// <summary>Only operator policies have it.</summary>
    public bool OnlyCaps { get; init; }
}
