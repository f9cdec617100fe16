namespace Levada.Tests.Simulation;

/// <summary>What clients have seen of one message in one queue.</summary>
internal sealed class Trace
{
    /// <summary>Deliveries without the redelivered flag.</summary>
    public int Fresh { get; set; }

    /// <summary>Deliveries seen.</summary>
    public int Deliveries { get; set; }

    /// <summary>Times it was settled for good, beyond doubt.</summary>
    public int Settled { get; set; }

    /// <summary>That is on disk: it holds after a crash, too.</summary>
    public bool IsSettledDurably { get; set; }

    /// <summary>It may have been settled: the channel died before that was certain.</summary>
    public bool MaybeSettled { get; set; }
}
