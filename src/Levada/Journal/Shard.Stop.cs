using Levada.Platform;

namespace Levada.Journal;

/// <summary>How a shard ends.</summary>
public sealed partial class Shard : IDisposable
{
    // Set by the last turn. Owner: the turn.
    private AsyncSignal? _stopped;

    // Batches of messages that go on to other queues by themselves; set once no further one may begin. Owner: the turn.
    private int _forwarding;
    private AsyncSignal? _forwarded;

    /// <summary>Messages may go on to other queues: not while the shard is about to stop.</summary>
    internal bool MayForward => _forwarded is null;

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

    /// <summary>
    /// Begins no further dead-lettering or release of delayed messages, and waits for what is under way: a stop in
    /// between would leave a message in both queues. It may wait for a full disk.
    /// </summary>
    public async Task EndForwardingAsync()
    {
        var forwarded = new AsyncSignal(_scheduler);
        Post(new EndForwardingCommand(forwarded));
        await forwarded.WaitAsync();
    }

    /// <summary>A batch is on its way.</summary>
    internal void ForwardingBegins() => _forwarding++;

    /// <summary>All queues that it goes to have it.</summary>
    internal void ForwardingEnds()
    {
        if (--_forwarding == 0)
            _forwarded?.Set();
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

    private sealed class EndForwardingCommand(AsyncSignal forwarded) : ShardWork
    {
        protected internal override void Run(Shard shard)
        {
            shard._forwarded = forwarded;
            if (shard._forwarding == 0)
                forwarded.Set();
        }
    }
}
