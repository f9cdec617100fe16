using System.Globalization;

namespace Levada.Management.Api;

/// <summary>What overview and nodes tell alike, and does not change.</summary>
internal static class NodeFacts
{
    /// <summary>The version that tools which look at RabbitMQ's may take this broker for.</summary>
    public const string RabbitVersion = "3.10.8";

    public static IReadOnlyList<ExchangeTypeReply> ExchangeTypes { get; } =
    [
        new("direct", "routes by equal routing key", true),
        new("fanout", "routes to every binding", true),
        new("topic", "routes by words and wildcards", true),
        new("headers", "routes by message headers", true),
        new("x-consistent-hash", "routes to one binding by hash, weighted", true),
        new("x-modulus-hash", "routes to one binding by hash", true),
        new("x-recent-history", "routes to every binding, and to new ones what was last", true),
        new("x-random", "routes to any one binding", true),
        new("x-delayed-message", "holds messages back, then routes as another type", true),
        new("x-local-random", "routes to any one queue of this node", true),
    ];

    /// <summary>In place of Erlang's version.</summary>
    public static string Runtime { get; } = Environment.Version.ToString();

    public static string RuntimeInFull { get; } = string.Create(
        CultureInfo.InvariantCulture, $".NET {Environment.Version}, {Environment.ProcessorCount} processors");

    public static IReadOnlyList<ContextReply> Contexts(string node, IReadOnlyList<Listener> http) =>
    [
        .. http.Select(l => new ContextReply(
            node, "Levada", "/", l.Address?.ToString() ?? l.Path ?? "",
            l.Port.ToString(CultureInfo.InvariantCulture))),
    ];
}
