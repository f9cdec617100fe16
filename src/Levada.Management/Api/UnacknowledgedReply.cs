using Levada.Amqp;

namespace Levada.Management.Api;

/// <summary>A message that a client holds: LavinMQ's keys, then who that is.</summary>
internal sealed record UnacknowledgedReply(
    ulong DeliveryTag, string? ConsumerTag, double UnackedForSeconds, string ChannelName, string Connection,
    int Channel, string User, string? UserProvidedName, ulong Sequence)
{
    public static UnacknowledgedReply Of(UnacknowledgedDelivery d) => new(
        d.DeliveryTag, d.ConsumerTag, Math.Round(d.Age.TotalSeconds, 2), $"{d.Connection} ({d.Channel})",
        d.Connection, d.Channel, d.User, d.ClientName.Length > 0 ? d.ClientName : null, d.Sequence);
}
