namespace Levada.Queues;

/// <summary>
/// What a queue was declared as. On one node they differ in what a declaration may ask for, and in what they keep.
/// </summary>
public enum QueueType
{
    Classic,

    /// <summary>Keeps every message over a restart, whatever its delivery mode.</summary>
    Quorum,
}
