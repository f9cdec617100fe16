using Levada.Protocol;
using Levada.Storage;

namespace Levada.Queues;

// Where in a priority queue a message goes, and where the next one is. A plain queue has all of them in one place.
internal sealed partial class QueueState
{
    private readonly int _maxPriority = queue.MaxPriority;

    // Where the next message is looked for; nothing of a higher priority is ready. What was found last is in here.
    private QueueMessages _front = messages.Above.Count > 0 ? messages.Above[0] : messages;

    /// <summary>Messages that wait to be handed out.</summary>
    public long Ready => _maxPriority == 0 ? Messages.Ready : Messages.Ready + Messages.Above.Sum(m => m.Ready);

    private long ReadyBytes =>
        _maxPriority == 0 ? Messages.ReadyBytes : Messages.ReadyBytes + Messages.Above.Sum(m => m.ReadyBytes);

    // Held by consumers, or on their way to another queue.
    private long Held =>
        _maxPriority == 0 ? Messages.Unacked : Messages.Unacked + Messages.Above.Sum(m => m.Unacked);

    private long HeldBytes =>
        _maxPriority == 0 ? Messages.UnackedBytes : Messages.UnackedBytes + Messages.Above.Sum(m => m.UnackedBytes);

    /// <summary>The message found last is handed out.</summary>
    /// <param name="settles">For good; else it is held from now on.</param>
    public void Take(bool settles)
    {
        if (settles)
            _front.TakeAndSettle();
        else
            _front.TakeUnacked();
    }

    /// <summary>The sequences of ready messages, as they come, from a position on.</summary>
    public List<ulong> ListReady(long position, int count)
    {
        var sequences = new List<ulong>();
        foreach (var messages in Messages.Above.Append(Messages))
        {
            messages.ListReady(position, count, sequences);
            position = Math.Max(0, position - messages.Ready);
        }
        return sequences;
    }

    /// <summary>A ready message, wherever it stands; Empty if it is not ready any more.</summary>
    public PeekResult LookAt(ulong sequence, out MessageView message) => Of(sequence).LookAt(sequence, out message);

    private QueueMessages Of(ulong sequence) => _maxPriority == 0 ? Messages : Messages.Of(sequence);

    // The next one, whether it has expired or not.
    private PeekResult PeekFront(out MessageView message)
    {
        while (true)
        {
            var result = _front.Peek(out message);
            if (result != PeekResult.Empty || _front == Messages)
                return result;
            _front = Below(_front);
        }
    }

    private QueueMessages Below(QueueMessages above)
    {
        foreach (var messages in Messages.Above)
        {
            if (messages.Priority < above.Priority)
                return messages;
        }
        return Messages;
    }

    // There is, or comes, something in here: it is looked at before what has a lower priority.
    private QueueMessages Raise(QueueMessages to)
    {
        if (to.Priority > _front.Priority)
            _front = to;
        return to;
    }

    /// <summary>Where a message goes that is about to come.</summary>
    public QueueMessages PlaceFor(scoped StoredMessage message) => _maxPriority == 0
        ? Messages
        : Raise(Messages.OfPriority(
            Math.Min(BasicPropertiesReader.OfChecked(message.Properties).Priority, _maxPriority)));

    private void AllIsServed()
    {
        Messages.FreshFrom = Messages.NextSequence;
        if (_maxPriority == 0)
            return;
        foreach (var messages in Messages.Above)
            messages.FreshFrom = messages.NextSequence;
    }
}
