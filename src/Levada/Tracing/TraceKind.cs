namespace Levada.Tracing;

/// <summary>What an entry of a trace is.</summary>
public enum TraceKind : byte
{
    /// <summary>A method, with what its content header says if it has content.</summary>
    Method,

    Heartbeat,

    /// <summary>A content header or body that no method of the trace announced.</summary>
    Content,

    /// <summary>Bytes that are no frame of AMQP, or one that is not handled.</summary>
    NoFrame,

    /// <summary>The last entry: why the trace ended.</summary>
    End,
}
