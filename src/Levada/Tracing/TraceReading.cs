namespace Levada.Tracing;

/// <summary>A part of a trace, copied out of it; decoded by whoever asked.</summary>
/// <param name="First">The number of its first entry.</param>
/// <param name="Oldest">The number of the oldest entry that the trace still has.</param>
/// <param name="Newest">The number of the newest one; 0 if there never was one.</param>
/// <param name="EndedBecause">Why it records no more; null if it does.</param>
public sealed record TraceReading(long First, long Oldest, long Newest, string? EndedBecause)
{
    internal byte[] Records { get; init; } = [];

    /// <summary>The entries, the oldest first.</summary>
    /// <param name="withHeaders">The values of the headers are shown.</param>
    /// <param name="withBodies">What was kept of bodies is shown.</param>
    public IEnumerable<TraceEntry> Entries(bool withHeaders, bool withBodies)
    {
        var decoder = new TraceDecoder(withHeaders, withBodies);
        var number = First;
        for (var at = 0; at < Records.Length;)
        {
            var entry = decoder.Decode(number++, Records.AsSpan(at), out var size);
            at += size;
            yield return entry;
        }
    }
}
