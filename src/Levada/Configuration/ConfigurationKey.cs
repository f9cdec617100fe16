namespace Levada.Configuration;

/// <summary>
/// A key of the configuration: the names it goes by, what it means, and how it reaches the options.
/// A name that ends in ".*" may be given many times, once for each item.
/// </summary>
/// <param name="Names">The first is ours to show; the others are what RabbitMQ, LavinMQ or a variable call it.</param>
/// <param name="Help">One line: meaning, unit, default.</param>
/// <param name="Apply">Gets all settings of this key in one source, at least one, in their order.</param>
public sealed record ConfigurationKey(
    IReadOnlyList<string> Names, string Help, Action<BrokerOptions, IReadOnlyList<Setting>> Apply)
{
    public string Name => Names[0];

    /// <summary>The value in words; null if the key only says another one's in another way.</summary>
    public Func<BrokerOptions, string>? Show { get; init; }

    /// <summary>Brings the value from the first to the second, a running broker's; null: it needs a restart.</summary>
    public Action<BrokerOptions, BrokerOptions>? Copy { get; init; }

    /// <summary>The keys whose values it sets, by name, besides its own.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>The value is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>A reload brings a change to the running broker.</summary>
    public bool IsLive => Copy is not null;

    /// <summary>True if the name is one of this key's; then the part that the * stands for, else empty.</summary>
    public bool Matches(string name, out string item)
    {
        foreach (var own in Names)
        {
            item = "";
            if (own == name)
                return true;
            if (!own.EndsWith(".*", StringComparison.Ordinal))
                continue;
            if (own.AsSpan(0, own.Length - 2).SequenceEqual(name))
                return true;
            if (name.StartsWith(own.AsSpan(0, own.Length - 1), StringComparison.Ordinal))
            {
                item = name[(own.Length - 1)..];
                return item.Length > 0;
            }
        }

        item = "";
        return false;
    }
}
