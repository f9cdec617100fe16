namespace Levada.Queues;

/// <summary>What is asked to time messages. On the shard's turn.</summary>
internal sealed partial class QueueState
{
    private ulong _newestSeen = messages.NextSequence;

    /// <summary>
    /// The newest message, if any came since the last question. Not of priority queues and of delayed messages, which
    /// do not leave in the order of coming.
    /// </summary>
    public bool TryTakeNewest(out ulong sequence)
    {
        sequence = Messages.NextSequence - 1;
        if (Messages.NextSequence == _newestSeen || Messages.IsUnordered || Queue.MaxPriority > 0)
            return false;
        _newestSeen = Messages.NextSequence;
        return true;
    }

    /// <summary>A message has been handed out, or is gone.</summary>
    public bool HasPassed(ulong sequence) => Messages.HasPassed(sequence);
}
