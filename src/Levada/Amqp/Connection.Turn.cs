using System.Buffers;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// Work that comes back to a connection: answers to what its channels asked, channels that may go on, publish credit.
/// </summary>
public sealed partial class Connection : IThreadPoolWorkItem
{
    private readonly Lock _returnedLock = new();
    private readonly List<Channel> _resumable = [];
    private List<Action> _returned = [];
    private bool _hasReturned;
    private const int SmallScratch = 1024;
    private const int SmallCredit = 32 * 1024;

    private long _posted;
    private bool _gateWasClosed;
    private bool _isBlocked;

    // Consumers that settles made room for; they are tried again after the settles are posted.
    private readonly List<Consumer> _retries = [];

    private byte[]? _scratch;

    /// <summary>The time of this read, in milliseconds since 1970: what messages are stamped with.</summary>
    internal long NowMs { get; private set; }

    /// <summary>A buffer to put a message together in; mostly the one that the last message left.</summary>
    internal byte[] TakeScratch()
    {
        var scratch = _scratch ?? ArrayPool<byte>.Shared.Rent(SmallScratch);
        _scratch = null;
        return scratch;
    }

    internal void ReturnScratch(byte[] scratch)
    {
        if (_scratch is null && scratch.Length <= SmallScratch * 2)
            _scratch = scratch;
        else
            ArrayPool<byte>.Shared.Return(scratch);
    }

    internal void RetryAfterPost(Consumer[] consumers) => _retries.AddRange(consumers);

    /// <summary>The channel that errors found while an answer is handled belong to.</summary>
    internal void SetCurrent(Channel channel) => _current = channel;

    /// <summary>Bytes of messages that channels have begun and not finished.</summary>
    internal long UnfinishedBytes { get; set; }

    /// <summary>Frames parked on all channels, in bytes.</summary>
    internal int ParkedBytes { get; set; }

    /// <summary>
    /// Publishing must wait: an alarm, or too much posted that shards have not taken in. Settles and all else go on.
    /// </summary>
    internal bool IsPublishGated
    {
        get
        {
            if (!MustWaitForCredit)
                return false;
            // Asked again with the flag up: credit that came back in between saw no flag to wake us.
            Volatile.Write(ref _gateWasClosed, true);
            Interlocked.MemoryBarrier();
            return MustWaitForCredit;
        }
    }

    private bool MustWaitForCredit => Broker.Alarms.IsRaised || Volatile.Read(ref _posted) >= Credit;

    // When all connections together have posted a lot, each may only go on in small steps.
    private long Credit => Broker.PostedBytes < Broker.Options.PublishCreditPerNode
        ? Broker.Options.PublishCredit
        : Math.Min(SmallCredit, Broker.Options.PublishCredit);

    private bool MustPause => ParkedBytes > Broker.Options.ParkedMax || Outbox.IsCongested;

    /// <summary>
    /// Runs an answer under the connection's turn: at once if this thread holds it, else soon on the pool. May be
    /// called on a shard's turn.
    /// </summary>
    internal void RunOnTurn(Action action)
    {
        if (_turn.IsHeldByCurrentThread)
        {
            // A fault of this connection's client must not reach the shard or catalog that calls; and whatever this
            // thread was at on this connection goes on where it was.
            var (current, frameChannel) = (_current, _frameChannel);
            Guarded(action);
            (_current, _frameChannel) = (current, frameChannel);
            return;
        }
        bool first;
        lock (_returnedLock)
        {
            first = _returned.Count == 0;
            _returned.Add(action);
            _hasReturned = true;
        }
        if (first)
            Broker.Scheduler.Run(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_turn)
        {
            RunReturned();
            FinishTurn();
        }
        Outbox.Flush();
        ReadAgain();
    }

    // Before any frame is handled: what the client sends may rest on what these have already told it.
    private void RunReturned()
    {
        if (!Volatile.Read(ref _hasReturned))
            return;
        List<Action> returned;
        lock (_returnedLock)
        {
            (returned, _returned) = (_returned, []);
            _hasReturned = false;
        }
        foreach (var action in returned)
            Guarded(action);
    }

    // A client's fault found while an answer is handled closes what it concerns, as when it is found at once.
    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (AmqpException e)
        {
            Fail(e);
        }
        catch (Exception e)
        {
            FailInternally(e);
        }
    }

    /// <summary>The channel waits no more: what it parked is handled before this turn ends.</summary>
    internal void Resume(Channel channel) => _resumable.Add(channel);

    // Posts, and goes on with channels whose answers came meanwhile, until nothing more moves.
    private void FinishTurn()
    {
        PostBatches();
        ReplayResumable();
        CloseWhenSettled();
    }

    private void ReplayResumable()
    {
        while (_resumable.Count > 0)
        {
            var channel = _resumable[^1];
            _resumable.RemoveAt(_resumable.Count - 1);
            ReplayParked(channel);
            PostBatches();
        }
    }

    private void ReplayParked(Channel channel)
    {
        while (channel.NextParked() is { Length: > 0 } frame)
        {
            try
            {
                SetCurrent(channel);
                channel.Replay(frame);
            }
            catch (AmqpException e)
            {
                Fail(e);
            }
            catch (Exception e)
            {
                FailInternally(e);
            }
        }
    }

    private void SpendCredit(int bytes)
    {
        if (bytes == 0)
            return;
        Interlocked.Add(ref _posted, bytes);
        Broker.AddPosted(bytes);
    }

    /// <summary>A shard has taken care of messages posted by this connection. Called on a shard's turn.</summary>
    public void ReturnCredit(int bytes)
    {
        Broker.AddPosted(-bytes);
        var left = Interlocked.Add(ref _posted, -bytes);
        if (Volatile.Read(ref _gateWasClosed) && left < Credit)
            RunOnTurn(OpenGate);
    }

    /// <summary>Alarms changed: tell the client, and let parked publishes go on if there is none any more.</summary>
    internal void AlarmsChanged() => RunOnTurn(() =>
    {
        if (!Broker.Alarms.IsRaised)
            SendUnblocked();
        OpenGate();
    });

    private void OpenGate()
    {
        // On a full disk confirming channels go on too: their publishes are nacked.
        if (IsPublishGated && !Broker.Alarms.IsDiskFull)
            return;
        Volatile.Write(ref _gateWasClosed, Broker.Alarms.IsRaised);
        foreach (var channel in _channels.Values)
        {
            if (channel.EndGate())
                _resumable.Add(channel);
        }
    }

    /// <summary>A publish met the closed gate: a client that wants to know is told once (rule F4).</summary>
    internal void PublishGated()
    {
        if (!Broker.Alarms.IsRaised)
            MarkThrottled();
        if (_isBlocked || !Broker.Alarms.IsRaised)
            return;
        _isBlocked = true;
        _blockedSinceMs = LastReceivedMs;
        LogBlocked(this, Broker.Alarms.Reason);
        if (WantsBlocked)
            Outbox.Send(0, new ConnectionBlocked(Broker.Alarms.Reason));
    }

    internal void BodyNotStored(Channel channel, ulong size, IOException fault)
    {
        LogBodyNotStored(this, channel.Number, size, fault.Message);
        if (fault is DiskFullException)
            Broker.DiskTookNoMore();
    }

    private void SendUnblocked()
    {
        if (!_isBlocked)
            return;
        _isBlocked = false;
        _stateSinceMs = Environment.TickCount64;
        if (WantsBlocked)
            Outbox.Send(0, new ConnectionUnblocked());
    }

    // Wakes the reading loop if it waits for parked frames or the outbox to drain.
    private void ReadAgain() => _readAgain.Set();
}
