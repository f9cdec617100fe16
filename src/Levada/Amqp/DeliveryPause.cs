namespace Levada.Amqp;

/// <summary>Who has stopped the deliveries to a channel's consumers; they go on when nobody has.</summary>
[Flags]
internal enum DeliveryPause : byte
{
    None = 0,

    /// <summary>The client, with channel.flow.</summary>
    Client = 1,

    Operator = 2,

    /// <summary>The node is taken out of service.</summary>
    Drain = 4,
}
