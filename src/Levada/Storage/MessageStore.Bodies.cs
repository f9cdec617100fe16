namespace Levada.Storage;

// Bodies that are files of their own: when the store lets go of them.
public sealed partial class MessageStore
{
    // Let go of in this turn, whose records are not written yet; and before, with the index of the last record then.
    private readonly List<BodyFile> _leavingBodies = [];
    private readonly Queue<(long Index, BodyFile Body)> _leftBodies = new();

    internal BodyFiles Bodies { get; }

    /// <summary>
    /// A message that needed a body is gone. The file stays until that is durable: a crash may bring the message back.
    /// </summary>
    internal void LetGo(BodyFile body) => _leavingBodies.Add(body);

    /// <summary>Each of the queues has just taken a message with this body.</summary>
    private static void HoldBody(ReadOnlySpan<QueueMessages> queues, BodyFile body)
    {
        foreach (QueueMessages queue in queues)
            queue.HoldBody(queue.NextSequence - 1, body);
    }

    private void EndBodiesOfTurn()
    {
        foreach (BodyFile body in _leavingBodies)
            _leftBodies.Enqueue((LastIndex, body));
        _leavingBodies.Clear();
        ReleaseBodies();
    }

    private void ReleaseBodies()
    {
        while (_leftBodies.TryPeek(out (long Index, BodyFile Body) left) && left.Index <= DurableIndex)
            _leftBodies.Dequeue().Body.Release();
    }
}
