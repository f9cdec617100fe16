namespace Levada.Queues;

/// <summary>A queue's number: from a counter in the catalog, never used again.</summary>
public readonly record struct QueueId(ulong Value)
{
    public override string ToString() => Value.ToString();
}
