using System.Buffers.Binary;
using Levada.Storage;

namespace Levada.Queues;

// Messages that an operator moves to another queue. They are in one of the two after a crash, too: see MoveBatch.
internal sealed partial class QueueState
{
    /// <summary>The file that a message's body is.</summary>
    public BodyFile BodyOf(scoped StoredMessage message) =>
        Queue.Shard.Store.Bodies.Find(BinaryPrimitives.ReadUInt64LittleEndian(message.Body));

    /// <summary>Nobody else gets a ready message that was looked at, until <see cref="EndMove"/>.</summary>
    public void Hold(ulong sequence, scoped StoredMessage message)
    {
        Of(sequence).Hold(sequence, (int)message.BodyLength);
        _held++;
    }

    /// <summary>Whether a message outlives a restart in here, and its number with it.</summary>
    public bool IsDurable(ulong sequence) => Of(sequence).IsDurable(sequence);

    /// <summary>After a start: what is in another queue, as that one's shard remembers, goes from here.</summary>
    public void EndMove(Arrival arrival)
    {
        foreach (var range in arrival.Ranges)
            Of(range.First).SettleMoved(range);
    }

    /// <summary>It is in the other queue, or goes back to its place.</summary>
    public void EndMove(ulong sequence, bool isRefused)
    {
        if (IsDropped)
            return;
        _held--;
        if (isRefused)
            Raise(Of(sequence)).LetGo(sequence);
        else
            Of(sequence).Settle(sequence);
    }

    /// <summary>The messages by priority, the highest first, each with the sequence that comes next there.</summary>
    public List<(QueueMessages Messages, ulong End)> Places() =>
        [.. Messages.Above.Append(Messages).Select(static m => (m, m.NextSequence))];
}
