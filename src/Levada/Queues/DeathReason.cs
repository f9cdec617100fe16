namespace Levada.Queues;

/// <summary>Why a queue dead-letters a message.</summary>
internal enum DeathReason
{
    Expired,
    Rejected,
    MaxLength,
    DeliveryLimit,
}

/// <summary>The reasons as headers name them.</summary>
internal static class DeathReasons
{
    public static ReadOnlySpan<byte> Name(this DeathReason reason) => reason switch
    {
        DeathReason.Expired => "expired"u8,
        DeathReason.Rejected => "rejected"u8,
        DeathReason.MaxLength => "maxlen"u8,
        _ => "delivery_limit"u8,
    };
}
