namespace Levada.Management;

/// <summary>What there is behind an open port.</summary>
internal enum HttpListenerKind
{
    /// <summary>All of it.</summary>
    Api,

    /// <summary>All of it, and whoever can connect is the operator.</summary>
    Control,

    /// <summary>Figures, nothing else.</summary>
    Metrics,
}
