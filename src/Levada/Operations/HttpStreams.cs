using Levada.Amqp;

namespace Levada.Operations;

/// <summary>How many answers over HTTP go on at the moment: live lists, events. Any thread.</summary>
public sealed class HttpStreams
{
    private readonly Limit _limit;
    private int _count;

    internal HttpStreams(int max, Limit limit) => (Max, _limit) = (max, limit);

    public int Max { get; }

    public int Count => Volatile.Read(ref _count);

    /// <summary>One more; false if there are as many as there may be.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= Max)
            return true;
        Leave();
        _limit.CountRefused();
        return false;
    }

    /// <summary>One that was let in has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);
}
