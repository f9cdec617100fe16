namespace Levada.Amqp;

/// <summary>
/// What operators ask of a connection and its channels. Each is done in a turn of the connection, so it meets the
/// client's own requests before or after them and never in between; who asks waits without a thread.
/// </summary>
public sealed partial class Connection
{
    /// <summary>connection.close with 320.</summary>
    internal Task<OperatorResult> CloseByOperatorAsync(string reason) => OnTurnAsync(done =>
    {
        var isOpen = State == ConnectionState.Running;
        Force(reason);
        done(isOpen ? OperatorResult.Done : OperatorResult.Gone);
    });

    /// <summary>Does something with a channel that is open, else <see cref="OperatorOutcome.Gone"/>.</summary>
    /// <param name="number">The channel's.</param>
    /// <param name="act">Tells what became of it, at once or from another thread.</param>
    internal Task<OperatorResult> OnChannelAsync(ushort number, Action<Channel, Action<OperatorResult>> act) =>
        OnTurnAsync(done =>
        {
            if (State != ConnectionState.Running
                || _channels.GetValueOrDefault(number) is not { IsOver: false } channel)
            {
                done(OperatorResult.Gone);
                return;
            }
            _current = channel;
            act(channel, done);
        });

    private Task<OperatorResult> OnTurnAsync(Action<Action<OperatorResult>> act)
    {
        var done = new TaskCompletionSource<OperatorResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        RunOnTurn(() =>
        {
            try
            {
                act(done.SetResult);
            }
            catch (Exception e)
            {
                done.TrySetException(e);
                throw;
            }
        });
        return done.Task;
    }

    /// <summary>Whether the node is drained has changed: channels pause or go on, consumers are cancelled.</summary>
    internal void FollowDrain() => RunOnTurn(() =>
    {
        if (State != ConnectionState.Running)
            return;
        // As it is now, not as it was when this was asked: drain and revive may follow each other quickly.
        var drains = Broker.Drain.IsOn;
        foreach (var channel in _channels.Values.ToArray())
            channel.FollowDrain(drains);
    });

    /// <summary>The user's rights have changed: what goes on and may not any more ends.</summary>
    internal void FollowRights() => RunOnTurn(() =>
    {
        if (State != ConnectionState.Running)
            return;
        foreach (var channel in _channels.Values.ToArray())
            channel.FollowRights();
    });

    /// <summary>Takes its turn; from any thread.</summary>
    internal void AddTo(OpenWork work)
    {
        lock (_turn)
        {
            work.Connections++;
            work.Activity += Counters.Published + Counters.Acknowledged + Counters.Rejected + Counters.Requeued
                + Counters.HandedOut + Counters.GotEmpty;
            foreach (var channel in _channels.Values)
            {
                work.Unacknowledged += channel.Unacknowledged;
                work.Unconfirmed += channel.Unconfirmed + channel.Uncommitted;
            }
        }
    }
}
