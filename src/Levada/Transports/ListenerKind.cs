namespace Levada.Transports;

/// <summary>The ways in, as the metrics tell them apart.</summary>
public enum ListenerKind
{
    /// <summary>TCP.</summary>
    Amqp,

    /// <summary>TCP with TLS.</summary>
    Amqps,

    /// <summary>A Unix domain socket.</summary>
    Unix,

    /// <summary>A WebSocket on the HTTP port.</summary>
    Websocket,
}
