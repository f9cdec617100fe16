namespace Levada.Transports;

/// <summary>Why a client was turned away before it could speak AMQP.</summary>
public enum Refusal
{
    /// <summary>It was gone, or its socket failed.</summary>
    Lost,

    /// <summary>It did not come so far within handshake_timeout.</summary>
    Timeout,

    /// <summary>Its first bytes are not AMQP's.</summary>
    NotAmqp,

    /// <summary>Its first byte on a TLS port is not TLS'.</summary>
    NotTls,

    /// <summary>The TLS handshake failed, perhaps on its certificate.</summary>
    Tls,

    /// <summary>Within handshake_timeout it did not get one of the tls_handshake_max places.</summary>
    TlsHandshakeMax,

    /// <summary>A trusted proxy sent a broken PROXY header or none.</summary>
    ProxyHeader,

    /// <summary>It sent a PROXY header and is no trusted proxy.</summary>
    ProxyUntrusted,

    /// <summary>Its address has twice as many connections as it may (connection_max_per_address).</summary>
    TooMany,
}
