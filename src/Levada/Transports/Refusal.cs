namespace Levada.Transports;

/// <summary>Why a client was turned away before it could speak AMQP.</summary>
public enum Refusal
{
    /// <summary>It was gone, or its socket failed.</summary>
    Lost,

    /// <summary>It did not come so far within handshake_timeout.</summary>
    Timeout,
}
