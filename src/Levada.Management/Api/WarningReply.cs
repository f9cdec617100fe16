using Levada.Warnings;

namespace Levada.Management.Api;

/// <summary>A warning in /api/warnings. Whom it is not of has no key: churn is of a user, product or name.</summary>
internal sealed record WarningReply
{
    public required string Name { get; init; }

    /// <summary>What was seen.</summary>
    public required string What { get; init; }

    /// <summary>What to change in the client.</summary>
    public required string Advice { get; init; }

    public string? Connection { get; init; }

    public int? Channel { get; init; }

    public string? UserProvidedName { get; init; }

    public string? User { get; init; }

    public string? Vhost { get; init; }

    public string? Product { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required IReadOnlyDictionary<string, double> Figures { get; init; }

    public static WarningReply Of(Warning w) => new()
    {
        Name = w.Name,
        What = w.What,
        Advice = w.Advice,
        Connection = OrNone(w.Connection),
        Channel = w.Channel,
        UserProvidedName = OrNone(w.ClientName),
        User = OrNone(w.User),
        Vhost = OrNone(w.VHost),
        Product = OrNone(w.Product),
        Since = w.Since,
        Figures = w.Figures,
    };

    private static string? OrNone(string text) => text.Length > 0 ? text : null;
}
