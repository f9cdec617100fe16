using System.Net.Sockets;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Amqp;

/// <summary>How a connection ends: by the client, by an error, by an operator, by the socket (rules E1-E6).</summary>
public sealed partial class Connection
{
    private const int CloseOkWaitMaxMs = 30_000;

    // A refused login is held open this long: it slows guessing and costs no thread.
    private const int RefusedLoginHoldMs = 1_000;

    // After the last frame is out, how long the client may take to close the socket.
    private const int LingerMs = 2_000;

    private readonly HashSet<Queue> _exclusiveQueues = [];
    private long _deadlineMs = long.MaxValue;
    private bool _closeRequested;
    private bool _isLost;
    private bool _sessionsEnding;
    private bool _sessionsEnded;

    // Dropped by the broker, which said why.
    private volatile bool _wasAborted;
    private Action? _whenSessionsEnded;

    /// <summary>When the connection is dropped, in <see cref="Environment.TickCount64"/> milliseconds.</summary>
    internal long DeadlineMs => Volatile.Read(ref _deadlineMs);

    /// <summary>An exclusive queue of this connection: it goes with it. Declared too late, it goes at once.</summary>
    internal void AddExclusive(Queue queue)
    {
        if (_sessionsEnding)
            Broker.DeleteQueue(queue, static () => { });
        else
            _exclusiveQueues.Add(queue);
    }

    internal void RemoveExclusive(Queue queue) => _exclusiveQueues.Remove(queue);

    // connection.close from the client: first all that it asked before, then close-ok.
    private void HandleClose(ReadOnlySpan<byte> args)
    {
        // One that does not parse closes it no less.
        Closes(ConnectionClose.TryRead(args, out var close)
            ? CloseReason.OfClient(close.ReplyCode, close.ReplyText, close.ClassId, close.MethodId)
            : CloseReason.OfClient(0, "", 0, 0));
        State = ConnectionState.Closing;
        _closeRequested = true;
        Volatile.Write(ref _deadlineMs, Environment.TickCount64 + CloseOkWaitMaxMs);
    }

    // A client's fault, caught in one place: closes the channel or the connection it concerns.
    private void Fail(AmqpException error)
    {
        var isFinishing = _closeRequested && !_sessionsEnding;
        // While the connection is closed, too: the client hears nothing of it, but what is parked behind it is
        // discarded.
        if (error.Scope == ErrorScope.Channel && State is ConnectionState.Running or ConnectionState.Closing
            && _current is { } channel)
        {
            LogChannelError(Broker.ChannelLogger, this, channel.Number, OperationOf(error), error.ReplyText);
            channel.CloseByServer(error);
            return;
        }
        if (State >= ConnectionState.Closing && !isFinishing)
        {
            EndSessions(null);
            Drop();
            return;
        }
        if (error.MethodId == MethodId.ConnectionTuneOk)
            LogTuneFailed(this, error.Message);
        else
            LogConnectionError(this, StateText, _current?.Number ?? _frameChannel, OperationOf(error), error.ReplyText);
        var settlesStillCount = error.ReplyCode == ReplyCode.ConnectionForced;
        SendClose(error);
        // Parked before the client's close, it is answered before it, as if it had been handled at once (rule E3).
        if (isFinishing)
            FinishClose();
        else if (!settlesStillCount)
            EndSessions(null);
    }

    private static string OperationOf(AmqpException error) =>
        error.MethodId == 0 ? "none" : MethodId.Name(error.MethodId);

    private void SendClose(AmqpException error)
    {
        Volatile.Write(ref _closeReason, CloseReason.Of(error));
        lock (Outbox.Lock)
        {
            Outbox.Write(
                0,
                new ConnectionClose(
                    error.ReplyCode, error.ReplyText, (ushort)(error.MethodId >> 16), (ushort)error.MethodId));
            Outbox.IsSilent = true;
        }
        State = ConnectionState.Closing;
        Volatile.Write(ref _deadlineMs, Environment.TickCount64 + CloseOkWaitMs);
    }

    // How long a client may take to answer connection.close, or to read what was sent before close-ok (rule E2).
    private int CloseOkWaitMs => Heartbeat == 0 ? CloseOkWaitMaxMs : Math.Min(Heartbeat * 1000, CloseOkWaitMaxMs);

    /// <summary>Closes the connection with 320 (rule E6): an operator, a deleted user or vhost, shutdown.</summary>
    internal void CloseForced(string reason) => RunOnTurn(() => Force(reason));

    private void Force(string reason)
    {
        if (State is ConnectionState.Closing or ConnectionState.Closed)
            return;
        if (State != ConnectionState.Running)
        {
            Drop();
            return;
        }
        LogClosing(this, reason);
        SendClose(new AmqpException(ReplyCode.ConnectionForced, reason, ErrorScope.Connection, 0));
        Outbox.Flush();
    }

    // Rules E2, E3: only the end of the closing still counts, and settles of a client that is closed politely.
    private void HandleWhileClosing(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type != Frame.Method || payload.Length < 4)
            return;
        // The client's own close is being answered: what it says after it is nothing.
        if (_closeRequested)
            return;
        var method = FrameMethod(payload);
        // What it held is given back before it sees the end, so that it can be back at once.
        if (header.Channel == 0 && method == MethodId.ConnectionCloseOk)
        {
            EndSessions(Drop);
        }
        else if (header.Channel == 0 && method == MethodId.ConnectionClose)
        {
            EndSessions(() =>
            {
                WriteCloseOk();
                Drop();
            });
        }
        else if (!_sessionsEnding && Find(header.Channel) is { } channel)
        {
            channel.ReceiveWhileConnectionCloses(method, payload[4..]);
        }
    }

    // At the end of each turn: a client's close goes on when no channel waits for an answer any more.
    private void CloseWhenSettled()
    {
        if (!_closeRequested || _sessionsEnding)
            return;
        foreach (var channel in _channels.Values)
        {
            // Publishes that wait for credit are the client's no less than others; an alarm may last too long for them.
            if (channel.IsWaiting || (channel.HasParked && !Broker.Alarms.IsRaised))
                return;
        }
        FinishClose();
    }

    private void FinishClose() => EndSessions(() =>
    {
        WriteCloseOk();
        Drop();
    });

    // Even if nothing else is said any more.
    private void WriteCloseOk()
    {
        lock (Outbox.Lock)
        {
            Outbox.IsSilent = false;
            Outbox.Write(0, new ConnectionCloseOk());
            Outbox.IsSilent = true;
        }
    }

    /// <summary>
    /// Puts back all that the channels hold and deletes the exclusive queues; then runs <paramref name="done"/> under
    /// the turn (rule E1: before close-ok, so that who reconnects can declare them again).
    /// </summary>
    private void EndSessions(Action? done)
    {
        if (_sessionsEnded)
        {
            done?.Invoke();
            return;
        }
        _whenSessionsEnded += done;
        if (_sessionsEnding)
            return;
        _sessionsEnding = true;
        PostBatches();
        var channels = _channels.Values.ToArray();
        var left = new Countdown(channels.Length + 1, () => RunOnTurn(DeleteExclusiveQueues));
        foreach (var channel in channels)
        {
            channel.End(left.Signal, _isLost);
            Forget(channel, "closed with its connection");
        }
        left.Signal();
    }

    private void DeleteExclusiveQueues()
    {
        var queues = _exclusiveQueues.ToArray();
        _exclusiveQueues.Clear();
        var left = new Countdown(queues.Length + 1, () => RunOnTurn(SessionsEnded));
        foreach (var queue in queues)
            Broker.DeleteQueue(queue, left.Signal);
        left.Signal();
    }

    private void SessionsEnded()
    {
        _sessionsEnded = true;
        RememberClosed();
        PublishClosed();
        Broker.Departed.Add(OwnBytes);
        Broker.Connections.GiveBack(this);
        _whenSessionsEnded?.Invoke();
        _whenSessionsEnded = null;
    }

    // Sends what is written, then lets go of the socket. Nothing more is handled.
    private void Drop()
    {
        if (State == ConnectionState.Closed)
            return;
        State = ConnectionState.Closed;
        _stopReading = true;
        // Before the client sees the end.
        if (VHost is null)
            Broker.Connections.GiveBack(this);
        Volatile.Write(ref _deadlineMs, Environment.TickCount64 + CloseOkWaitMs);
        Outbox.CloseWhenSent();
    }

    /// <summary>Drops a connection that passed its deadline or missed its heartbeats.</summary>
    internal void Abort(string reason)
    {
        _wasAborted = true;
        Closes(CloseReason.Lost(reason));
        if (VHost is null)
            Broker.Connections.GiveBack(this);
        LogAborted(this, reason);
        DisposeStream();
    }

    // The outbox has sent all it will ever send, or failed to.
    private void OnOutboxEnded(Exception? error)
    {
        if (error is DiskReadException)
            LogBodyNotRead(this, error.Message);
        if (error is null)
            DisposeStreamGently();
        else
            DisposeStream();
    }

    private void DisposeStreamGently()
    {
        // Only our half is closed; the client's end of stream, or the deadline, closes the rest.
        Volatile.Write(ref _deadlineMs, Environment.TickCount64 + LingerMs);
        try
        {
            _transport.Shutdown();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            DisposeStream();
        }
    }

    /// <summary>Lets go of the socket; the reading loop then puts back all that the connection holds.</summary>
    public void Dispose() => DisposeStream();

    private void DisposeStream()
    {
        _stopReading = true;
        Outbox.Abandon();
        _stream.Dispose();
        ReadAgain();
    }

    // The reading loop is over.
    private void Ended(Exception? cause)
    {
        lock (_turn)
        {
            var wasOpen = VHost is not null;
            if (State is ConnectionState.Running && !_wasAborted)
                LogLost(this, cause?.Message ?? "end of stream", Since(StartedMs));
            else if (wasOpen && !_wasAborted)
                LogClosed(this, _closeReason is { By: not ClosedBy.Client } by ? by.Text : "by the client");
            Closes(CloseReason.Lost(cause?.Message ?? "end of stream"));
            // It may be that what it held was the reason.
            _isLost = State is ConnectionState.Running;
            State = ConnectionState.Closed;
            Outbox.Abandon();
            EndTraces();
            EndSessions(() => Broker.Connections.Remove(this));
            FinishTurn();
        }
        DisposeStream();
    }

    private static TimeSpan Since(long startedMs) =>
        TimeSpan.FromMilliseconds(Environment.TickCount64 - startedMs);
}
