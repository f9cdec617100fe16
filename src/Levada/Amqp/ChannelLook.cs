using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What one of the looks that come every few seconds finds of a channel, for warnings.</summary>
/// <param name="Channel">Which.</param>
/// <param name="QuietMs">How long the looks have seen no frame come and nothing handed out.</param>
/// <param name="IsUnused">Nothing was ever published, handed out or asked for, and nobody consumes.</param>
/// <param name="IsIdle">It holds nothing: no consumer, no delivery, no open publishes.</param>
/// <param name="UnsettledMs">How long the looks have seen it hold deliveries and settle none.</param>
/// <param name="Stuck">
/// If that is too long, a consumer that is at its prefetch limit or has none; null if there is no such.
/// </param>
internal readonly record struct ChannelLook(
    Channel Channel, long QuietMs, bool IsUnused, bool IsIdle, long UnsettledMs, Consumer? Stuck);
