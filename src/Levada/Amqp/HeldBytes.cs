namespace Levada.Amqp;

/// <summary>
/// Bytes of memory held for clients, by what they are held for: buffers with their full size, used or not.
/// </summary>
/// <param name="Receive">Read from the socket and not yet handled.</param>
/// <param name="Parked">Frames that wait behind an unanswered one, for credit or for an alarm to end.</param>
/// <param name="Content">Messages begun and not finished.</param>
/// <param name="Uncommitted">Publishes of open transactions.</param>
/// <param name="Unsettled">Lists of deliveries not yet settled; not the messages, which are the queue's.</param>
/// <param name="Outbox">Waiting to be sent, or being sent.</param>
/// <param name="Posted">Publishes on their way to the queues.</param>
public readonly record struct HeldBytes(
    long Receive, long Parked, long Content, long Uncommitted, long Unsettled, long Outbox, long Posted)
{
    public long Total => Receive + Parked + Content + Uncommitted + Unsettled + Outbox + Posted;

    public static HeldBytes operator +(HeldBytes a, HeldBytes b) => new(
        a.Receive + b.Receive, a.Parked + b.Parked, a.Content + b.Content, a.Uncommitted + b.Uncommitted,
        a.Unsettled + b.Unsettled, a.Outbox + b.Outbox, a.Posted + b.Posted);
}
