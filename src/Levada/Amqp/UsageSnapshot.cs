namespace Levada.Amqp;

/// <summary>
/// What the node, a virtual host, a user, a client product or an address has open and how fast it changes.
/// </summary>
/// <param name="Kind">What <paramref name="Name"/> names.</param>
/// <param name="Name">Empty for those that were forgotten for want of room, together.</param>
/// <param name="Total">Since the start.</param>
/// <param name="Rates">Lately.</param>
public sealed record UsageSnapshot(UsageKind Kind, string Name, Churn Total, ChurnRates Rates);
