namespace Levada.Queues;

/// <summary>What becomes of a message that an operator fetched.</summary>
public enum FetchFate
{
    /// <summary>It is gone.</summary>
    Acknowledged,

    /// <summary>It goes where dead letters go, if there is such a place.</summary>
    Rejected,

    /// <summary>It goes back to its place.</summary>
    Released,

    /// <summary>It goes back to its place, as an attempt that failed.</summary>
    Failed,
}
