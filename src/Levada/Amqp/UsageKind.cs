namespace Levada.Amqp;

/// <summary>Whose connections and channels are counted together.</summary>
public enum UsageKind
{
    Node,
    VHost,
    User,

    /// <summary>`product` of the client properties.</summary>
    Product,

    /// <summary>What clients call their connections; those without a name are not counted.</summary>
    ConnectionName,

    /// <summary>Where connections come from; those still in their handshake count, channels do not.</summary>
    Address,
}
