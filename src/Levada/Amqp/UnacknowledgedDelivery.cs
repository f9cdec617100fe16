namespace Levada.Amqp;

/// <summary>A message that a client holds unacknowledged.</summary>
/// <param name="Connection">The holder's connection.</param>
/// <param name="ClientName">What the client calls its connection; empty if nothing.</param>
/// <param name="User">The holder.</param>
/// <param name="Channel">The number of its channel.</param>
/// <param name="DeliveryTag">Under which it holds the message.</param>
/// <param name="ConsumerTag">Of the consumer; null for one that came by basic.get.</param>
/// <param name="Sequence">The message's number in its queue.</param>
/// <param name="Age">Since when; a quarter of a second too long at most.</param>
public sealed record UnacknowledgedDelivery(
    string Connection, string ClientName, string User, ushort Channel, ulong DeliveryTag, string? ConsumerTag,
    ulong Sequence, TimeSpan Age);
