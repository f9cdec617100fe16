namespace Levada.Warnings;

/// <summary>
/// Whether a figure that goes up and down really grows: its lowest value in each quarter of the window is above that of
/// the quarter before. What comes and goes has no such trend, nor has what grew once.
/// </summary>
/// <param name="window">In milliseconds.</param>
internal sealed class LowWater(long window)
{
    private const int Periods = 4;

    private readonly long[] _lows = new long[Periods];
    private int _count;
    private long _low = long.MaxValue;
    private long _beganMs = -1;

    /// <summary>It has grown in every quarter of the window that is over.</summary>
    public bool IsRising => _count == Periods && _lows[0] < _lows[1] && _lows[1] < _lows[2] && _lows[2] < _lows[3];

    /// <summary>What it has gained since the window began and still has; 0 if nothing.</summary>
    public long Gained => _count < Periods ? 0 : Math.Max(0, Math.Min(_low, _lows[^1]) - _lows[0]);

    /// <summary>The lowest at the beginning of the window.</summary>
    public long First => _lows[0];

    public long Window => window;

    public void Add(long value, long nowMs)
    {
        if (_beganMs < 0)
            _beganMs = nowMs;
        _low = Math.Min(_low, value);
        // A quarter has one look at least.
        if (nowMs - _beganMs < window / Periods)
            return;
        if (_count == Periods)
            _lows.AsSpan(1).CopyTo(_lows);
        _lows[_count == Periods ? Periods - 1 : _count++] = _low;
        (_low, _beganMs) = (value, nowMs);
    }
}
