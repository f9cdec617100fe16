using Levada.Platform;

namespace Levada.Journal;

/// <summary>How a shard ends.</summary>
public sealed partial class Shard : IDisposable
{
    // Set by the last turn. Owner: the turn.
    private AsyncSignal? _stopped;

    /// <summary>
    /// Writes everything out. What is posted later is never run. The store is stopped after the last turn, not in it:
    /// the turn may be run by the very thread that commits the journal, which the store waits for.
    /// </summary>
    public async Task StopAsync()
    {
        var stopped = new AsyncSignal(_scheduler);
        Post(new StopCommand(stopped));
        await stopped.WaitAsync();
        Store.Stop();
    }

    public void Dispose()
    {
        WakeTimes.Dispose();
        Store?.Dispose();
    }

    private sealed class StopCommand(AsyncSignal stopped) : ShardWork
    {
        protected internal override void Run(Shard shard) => shard._stopped = stopped;
    }
}
