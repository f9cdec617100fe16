using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// A queue, as everyone may hold it: its definition, which never changes, and figures that its shard keeps up to date.
/// </summary>
public sealed class Queue
{
    public required QueueId Id { get; init; }

    public required string VHost { get; init; }

    public required string Name { get; init; }

    public required Shard Shard { get; init; }

    public required bool Durable { get; init; }

    /// <summary>Only the declaring connection may use it, and it goes with that connection.</summary>
    public required bool Exclusive { get; init; }

    public required bool AutoDelete { get; init; }

    /// <summary>The connection that declared an exclusive queue; null for others.</summary>
    public object? Owner { get; init; }

    /// <summary>Set once, by the catalog, when the name no longer leads here.</summary>
    public bool IsDeleted
    {
        get => Volatile.Read(ref _isDeleted);
        internal set => Volatile.Write(ref _isDeleted, value);
    }

    private bool _isDeleted;
}
