namespace Levada.Protocol;

/// <summary>
/// Which properties a content header carries, in the order of the list. The two lowest bits must be 0.
/// </summary>
[Flags]
public enum BasicPropertyFlags : ushort
{
    None = 0,
    ContentType = 1 << 15,
    ContentEncoding = 1 << 14,
    Headers = 1 << 13,
    DeliveryMode = 1 << 12,
    Priority = 1 << 11,
    CorrelationId = 1 << 10,
    ReplyTo = 1 << 9,
    Expiration = 1 << 8,
    MessageId = 1 << 7,
    Timestamp = 1 << 6,
    Type = 1 << 5,
    UserId = 1 << 4,
    AppId = 1 << 3,

    /// <summary>Reserved by 0-9-1, sent by old clients.</summary>
    ClusterId = 1 << 2,
}
