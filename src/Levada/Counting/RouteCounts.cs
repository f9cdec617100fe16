namespace Levada.Counting;

/// <summary>
/// How many messages went from an exchange to a queue. Owner: that of the table it is in; anyone may read.
/// </summary>
public sealed class RouteCounts
{
    public long Messages { get; internal set; }
}
