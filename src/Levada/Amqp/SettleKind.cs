namespace Levada.Amqp;

/// <summary>What a client, or the end of its channel, makes of a delivery.</summary>
internal enum SettleKind : byte
{
    Acknowledged,

    /// <summary>Rejected for good.</summary>
    Rejected,

    /// <summary>Given back by the client.</summary>
    Requeued,

    /// <summary>Given back by basic.recover or the end of the channel: no failed attempt.</summary>
    Released,
}
