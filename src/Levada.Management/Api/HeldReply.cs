using Levada.Amqp;

namespace Levada.Management.Api;

/// <summary>Bytes of memory held for a connection or channel; ours, RabbitMQ has no such figures.</summary>
internal sealed record HeldReply(
    long Total, long Receive, long Parked, long Content, long Uncommitted, long Unsettled, long Outbox, long Posted)
{
    public static HeldReply Of(HeldBytes held) => new(
        held.Total, held.Receive, held.Parked, held.Content, held.Uncommitted, held.Unsettled, held.Outbox,
        held.Posted);
}
