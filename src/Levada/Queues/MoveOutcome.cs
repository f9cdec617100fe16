namespace Levada.Queues;

/// <summary>What became of a move.</summary>
/// <param name="Moved">Messages that are in the other queue now.</param>
/// <param name="Refused">Messages that stayed because the other queue was full and refuses, or was deleted.</param>
/// <param name="LookedAt">Messages that were looked at.</param>
public readonly record struct MoveOutcome(long Moved, long Refused, long LookedAt);
