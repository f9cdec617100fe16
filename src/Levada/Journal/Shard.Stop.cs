namespace Levada.Journal;

/// <summary>How a shard ends.</summary>
public sealed partial class Shard : IDisposable
{
    private sealed class StopCommand(TaskCompletionSource stopped) : ShardWork
    {
        protected internal override void Run(Shard shard)
        {
            shard.Store.Stop();
            stopped.SetResult();
        }
    }

    /// <summary>Writes everything out. Nothing may be posted after it.</summary>
    public Task StopAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new StopCommand(stopped));
        return stopped.Task;
    }

    public void Dispose() => Store?.Dispose();
}
