namespace Levada.Queues;

/// <summary>
/// What rates are counted from: the figures of five to ten seconds ago while somebody looks every few seconds, else
/// those of the last look, at first those of the beginning. Nobody looks, nothing is kept. Owner: who has it.
/// </summary>
/// <param name="first">The figures of the beginning.</param>
/// <param name="copy">Makes a copy of figures that go on counting.</param>
/// <param name="beganMs">When that was, in the milliseconds of the system's tick count.</param>
public sealed class RateBase<T>(T first, Func<T, T> copy, long beganMs)
    where T : class
{
    private const int StepMs = 5_000;

    private T _base = first;
    private T? _next;
    private long _baseMs = beganMs;
    private long _nextMs;

    /// <summary>Who has done nothing for so long has no rate, and needs no figures to compare with.</summary>
    public const int QuietMs = 2 * StepMs;

    /// <summary>For so long what there is is kept all the same: it may go on.</summary>
    public const int KeptMs = 60_000;

    /// <summary>How many copies of figures it holds.</summary>
    public int Kept => _next is null ? 1 : 2;

    /// <summary>The figures to compare with, and how long ago they were.</summary>
    public (T Before, TimeSpan Ago) Look(T now, long nowMs)
    {
        if (_next is null)
        {
            (_next, _nextMs) = (copy(now), nowMs);
        }
        else if (nowMs - _nextMs >= StepMs)
        {
            (_base, _baseMs) = (_next, _nextMs);
            (_next, _nextMs) = (copy(now), nowMs);
        }
        return (_base, TimeSpan.FromMilliseconds(Math.Max(1, nowMs - _baseMs)));
    }
}
