namespace Levada.Management.Api;

/// <summary>What became of a move.</summary>
internal sealed record MoveReply(long Moved, long Refused, long LookedAt);
