using System.Runtime.CompilerServices;

namespace Levada.Storage;

// A queue whose ready messages are taken by their sequence, in any order: somebody else knows which is next. After a
// start he comes by all of them once, with Peek and Skip.
public sealed partial class QueueMessages
{
    /// <summary>
    /// Messages are taken in any order. Set before there are any, or right after the recovery, and for ever.
    /// </summary>
    internal bool IsUnordered { get; set; }

    /// <summary>The peeked message stays; the next one to be peeked stands behind it.</summary>
    internal void Skip() => Take();

    /// <summary>Peek is not asked any more: what comes from now on is known by its sequence.</summary>
    internal void EndSkipping()
    {
        _cursor = ulong.MaxValue;
        _backlog?.ClearRequeued();
    }

    /// <summary>What is read next mostly stands behind what is read now.</summary>
    internal bool IsReadInOrder => _cursor != ulong.MaxValue;

    /// <summary>Shows a ready message, wherever it stands; it may be taken then like one that Peek found.</summary>
    /// <returns>Empty if it is not there, or cannot be read any more and so is gone; the log says so.</returns>
    internal PeekResult PeekAt(ulong sequence, out MessageView message)
    {
        message = default;
        if (Unsafe.IsNullRef(ref Find(sequence)))
        {
            if (_backlog is null)
                return PeekResult.Empty;
            _peekedDurableRun = IsLiveIn(_backlog.Durable, sequence);
            if (!_peekedDurableRun && !IsLiveIn(_backlog.Volatile, sequence))
                return PeekResult.Empty;
        }

        _peekedRequeued = false;
        ReadResult result = View(sequence, out message);
        if (result == ReadResult.Found)
            return PeekResult.Found;
        _peeked = 0;
        return result == ReadResult.Loading ? PeekResult.Loading : PeekResult.Empty;
    }

    private static bool IsLiveIn(RunList runs, ulong sequence) =>
        runs.Find(sequence) is { } run && !run.IsSettled(sequence);

    /// <summary>A stray that came into a run: that says all there is to say, unless it is held or marked.</summary>
    private void ForgetStray(ulong sequence, in Entry entry)
    {
        if (!entry.IsUnacked && !entry.IsRedelivered && entry.DeliveryCount == 0)
            _backlog!.Strays.Remove(sequence);
    }
}
