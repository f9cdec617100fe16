using Levada.Protocol;

namespace Levada.Tracing;

/// <summary>One step of a conversation, decoded.</summary>
public sealed record TraceEntry
{
    /// <summary>Grows by one with each entry of a trace, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was read, or handed to the socket.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>From the broker to the client.</summary>
    public required bool IsOut { get; init; }

    public required ushort Channel { get; init; }

    public required TraceKind Kind { get; init; }

    /// <summary>Such as basic.publish; heartbeat, and what else is no method, by its name in lower case.</summary>
    public required string Method { get; init; }

    /// <summary>By the specification's names; secrets are masked.</summary>
    public FieldTable Arguments { get; init; } = FieldTable.Empty;

    /// <summary>Of a message whose header has come.</summary>
    public FieldTable? Properties { get; init; }

    /// <summary>In octets; of a message whose header has come, and of a body frame by itself.</summary>
    public ulong? BodySize { get; init; }

    /// <summary>The beginning of the body, or all of it; null if it is not kept or not to be shown.</summary>
    public byte[]? Body { get; init; }

    /// <summary>What is wrong, in words; null if nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>All of it in a line, but for the time and the error.</summary>
    public string Text => TraceText.Of(this);
}
