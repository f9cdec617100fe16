using Levada.Journal;

namespace Levada.Storage;

/// <summary>
/// Lets another thread have something done on the turn. Raised again before it ran, it still runs once; raised while
/// it runs, it runs again.
/// </summary>
internal sealed class TurnSignal(Action<ShardWork> post, Action action) : ShardWork
{
    private int _posted;

    public void Raise()
    {
        if (Interlocked.Exchange(ref _posted, 1) == 0)
            post(this);
    }

    protected internal override void Run(Shard shard)
    {
        Volatile.Write(ref _posted, 0);
        action();
    }
}
