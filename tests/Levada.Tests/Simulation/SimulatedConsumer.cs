namespace Levada.Tests.Simulation;

/// <summary>A consumer as its client knows it.</summary>
internal sealed class SimulatedConsumer
{
    public required string Tag { get; init; }

    public required string Queue { get; init; }

    public required bool NoAck { get; init; }

    /// <summary>0 is unlimited.</summary>
    public required int Prefetch { get; init; }

    /// <summary>consume-ok has come, or none is wanted.</summary>
    public bool IsActive { get; set; }

    /// <summary>cancel-ok or the server's cancel has come.</summary>
    public bool IsGone { get; set; }

    /// <summary>A cancel was sent.</summary>
    public bool IsCancelling { get; set; }

    /// <summary>Deliveries surely held and not settled yet.</summary>
    public int Outstanding { get; set; }
}
