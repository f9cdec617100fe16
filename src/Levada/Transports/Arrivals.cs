namespace Levada.Transports;

/// <summary>How many clients came by each way and how many of them were turned away, since the start.</summary>
public sealed class Arrivals
{
    private static readonly ListenerKind[] Kinds = Enum.GetValues<ListenerKind>();
    private static readonly Refusal[] Reasons = Enum.GetValues<Refusal>();

    // Changed and read with Interlocked alone.
    private readonly long[] _accepted = new long[Kinds.Length];
    private readonly long[] _refused = new long[Kinds.Length * Reasons.Length];

    /// <summary>Sockets accepted, those turned away afterwards included.</summary>
    public IEnumerable<(ListenerKind Kind, long Count)> Accepted =>
        Kinds.Select(kind => (kind, Interlocked.Read(ref _accepted[(int)kind])));

    public IEnumerable<(ListenerKind Kind, Refusal Reason, long Count)> Refused =>
        from kind in Kinds
        from reason in Reasons
        select (kind, reason, Interlocked.Read(ref _refused[Index(kind, reason)]));

    internal void Accept(ListenerKind kind) => Interlocked.Increment(ref _accepted[(int)kind]);

    internal void Refuse(ListenerKind kind, Refusal reason) => Interlocked.Increment(ref _refused[Index(kind, reason)]);

    private static int Index(ListenerKind kind, Refusal reason) => ((int)kind * Reasons.Length) + (int)reason;
}
