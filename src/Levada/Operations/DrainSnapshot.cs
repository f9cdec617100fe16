namespace Levada.Operations;

/// <summary>A drain at one moment.</summary>
/// <param name="Phase">How far it is.</param>
/// <param name="Since">When the phase began; null in service.</param>
/// <param name="Deadline">When clients are closed that have not finished; null if none runs.</param>
/// <param name="Connections">Open now.</param>
/// <param name="Unacknowledged">Deliveries that their clients have not settled.</param>
/// <param name="Unconfirmed">Publishes not yet answered, or of open transactions.</param>
public sealed record DrainSnapshot(
    DrainPhase Phase, DateTimeOffset? Since, DateTimeOffset? Deadline, int Connections, long Unacknowledged,
    long Unconfirmed);
