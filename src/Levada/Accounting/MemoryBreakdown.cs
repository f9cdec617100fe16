namespace Levada.Accounting;

/// <summary>Where the process's memory is, at one moment.</summary>
/// <param name="Lines">All lines but the last two of these; none is in another.</param>
/// <param name="Unaccounted">What of the resident memory no line has; may be below zero by a little.</param>
/// <param name="Resident">Resident bytes of the process, as the system counts them.</param>
/// <param name="Took">How long it took to add this up.</param>
public sealed record MemoryBreakdown(
    IReadOnlyList<MemoryLine> Lines, long Unaccounted, long Resident, TimeSpan Took)
{
    /// <summary>The bytes of a line; 0 if there is no such line.</summary>
    public long this[string name] => Lines.FirstOrDefault(line => line.Name == name).Bytes;
}
