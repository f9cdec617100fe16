using System.Text.Json.Serialization;

namespace Levada.Management.Api;

/// <summary>The body of PUT .../trace, all of it optional.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TraceOrder
{
    /// <summary>After which it stops by itself; else `trace_time`.</summary>
    public double? Seconds { get; init; }

    /// <summary>Size of its ring; else `trace_bytes`.</summary>
    public int? Bytes { get; init; }

    /// <summary>Of each body to keep; else none.</summary>
    public int? BodyBytes { get; init; }
}
