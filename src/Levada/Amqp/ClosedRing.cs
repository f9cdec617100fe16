namespace Levada.Amqp;

/// <summary>The last few of what was closed: a new one takes the place of the oldest. Not safe by itself.</summary>
internal sealed class ClosedRing(int max)
{
    private readonly Queue<ClosedSession> _sessions = new();

    public int Count => _sessions.Count;

    /// <summary>About what they take of memory.</summary>
    public long Bytes { get; private set; }

    public IEnumerable<ClosedSession> All => _sessions;

    public void Add(ClosedSession session)
    {
        if (max == 0)
            return;
        if (_sessions.Count == max)
            Bytes -= _sessions.Dequeue().Bytes;
        _sessions.Enqueue(session);
        Bytes += session.Bytes;
    }
}
