using Levada.Amqp;

namespace Levada;

/// <summary>A limit at one moment.</summary>
/// <param name="Limit">Which.</param>
/// <param name="Max">As configured, in its own unit; 0 is none.</param>
/// <param name="Used">What is in use, or the largest so far of sizes; null where there is no such figure.</param>
public sealed record LimitUse(Limit Limit, double Max, double? Used);
