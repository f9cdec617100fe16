namespace Levada.Tracing;

/// <summary>What else is to be known of an entry.</summary>
[Flags]
internal enum TraceFlags : byte
{
    None = 0,

    /// <summary>From the broker to the client.</summary>
    Out = 1,

    /// <summary>The content header is there.</summary>
    Header = 2,

    /// <summary>The arguments were too long to be kept whole.</summary>
    MethodCut = 4,

    /// <summary>The properties were too long to be kept whole.</summary>
    PropertiesCut = 8,

    /// <summary>It is, or tells of, a mistake.</summary>
    Fault = 16,
}
