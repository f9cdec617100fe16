using System.Diagnostics;
using Levada.Metrics;
using Levada.Queues;

namespace Levada.Journal;

/// <summary>
/// Follows a few messages of a shard from the turn that brings them to the turn that hands them out. Owner: the turn.
/// A turn that is not sampled costs one comparison.
/// </summary>
internal sealed class QueueTimes(PathTimings timings)
{
    // A message that nobody takes makes room for another after a minute, and counts as so long.
    private const long GiveUpMs = 60_000;

    private readonly (QueueState? Queue, ulong Sequence, long Started, long StartedMs)[] _followed =
        new (QueueState?, ulong, long, long)[8];

    private int _count;
    private long _started;

    /// <summary>Before the turn's work.</summary>
    public void BeginTurn(long turn) =>
        _started = turn % PathTimings.SampleEvery == 1 ? Stopwatch.GetTimestamp() : 0;

    /// <summary>A queue was served in this turn.</summary>
    public void Served(QueueState queue, long nowMs)
    {
        if (_started == 0 || !queue.TryTakeNewest(out var sequence))
            return;
        if (queue.HasPassed(sequence))
        {
            PathTimings.AddSince(timings.InQueue, _started);
        }
        else if (_count < _followed.Length)
        {
            _followed[Array.FindIndex(_followed, static f => f.Queue is null)] = (queue, sequence, _started, nowMs);
            _count++;
        }
        // One of a turn.
        _started = 0;
    }

    /// <summary>After the turn's work.</summary>
    public void EndTurn(long nowMs)
    {
        if (_count == 0)
            return;
        foreach (ref var followed in _followed.AsSpan())
        {
            if (followed.Queue is not { } queue)
                continue;
            var isOver = queue.IsDropped;
            if (!isOver && (queue.HasPassed(followed.Sequence) || nowMs - followed.StartedMs > GiveUpMs))
            {
                PathTimings.AddSince(timings.InQueue, followed.Started);
                isOver = true;
            }
            if (!isOver)
                continue;
            followed = default;
            _count--;
        }
    }
}
