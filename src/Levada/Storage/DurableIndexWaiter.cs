using System.Runtime.CompilerServices;
using Levada.Journal;

namespace Levada.Storage;

/// <summary>Lets a background job wait, on the turn, until the journal is on the disk up to an index.</summary>
internal sealed class DurableIndexWaiter(GroupCommit commit)
{
    private readonly List<(long Index, Action Continuation)> _waiting = [];

    /// <summary>Awaited on the turn, goes on on the turn.</summary>
    public Awaiter Until(long index) => new(this, index);

    /// <summary>The durable index has moved. On the turn.</summary>
    public void Moved()
    {
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            (long index, Action continuation) = _waiting[i];
            if (index > commit.DurableIndex)
                continue;
            _waiting.RemoveAt(i);
            continuation();
        }
    }

    private void Add(long index, Action continuation)
    {
        _waiting.Add((index, continuation));
        commit.WantSync();
    }

    internal readonly struct Awaiter(DurableIndexWaiter waiter, long index) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => waiter.IsReached(index);

        public Awaiter GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => waiter.Add(index, continuation);

        public void UnsafeOnCompleted(Action continuation) => waiter.Add(index, continuation);
    }

    private bool IsReached(long index) => index <= commit.DurableIndex;
}
