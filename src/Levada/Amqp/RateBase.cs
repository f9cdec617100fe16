using Levada.Accounting;

namespace Levada.Amqp;

/// <summary>
/// What rates are counted from: the figures of five to ten seconds ago while somebody looks every few seconds, else
/// those of the last look, at first those of the beginning. Nobody looks, nothing is kept. Owner: the turn.
/// </summary>
internal sealed class RateBase(long beganMs)
{
    private const int StepMs = 5_000;

    /// <summary>Who has done nothing for so long has no rate, and needs no figures to compare with.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(2 * StepMs);


    private MessageCounters _base = new();
    private MessageCounters? _next;
    private long _baseMs = beganMs;
    private long _nextMs;

    /// <summary>Its memory.</summary>
    public long OwnBytes =>
        ObjectSize.Of<RateBase>() + (ObjectSize.Of<MessageCounters>() * (_next is null ? 1 : 2));

    /// <summary>The figures to compare with, and how long ago they were.</summary>
    public (MessageCounters Before, TimeSpan Ago) Look(MessageCounters now, long nowMs)
    {
        if (_next is null)
        {
            (_next, _nextMs) = (now.Copy(), nowMs);
        }
        else if (nowMs - _nextMs >= StepMs)
        {
            (_base, _baseMs) = (_next, _nextMs);
            (_next, _nextMs) = (now.Copy(), nowMs);
        }
        return (_base, TimeSpan.FromMilliseconds(Math.Max(1, nowMs - _baseMs)));
    }
}
