using System.Net;
using System.Net.Sockets;
using Levada.Protocol;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Proxy;

/// <summary>
/// A client of the proxy, from the protocol header to the end. Its channels and what concerns them belong to the turn
/// of its pool; the rest to its reading loop.
/// </summary>
internal sealed partial class ClientConnection : IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly ProxyServer _proxy;
    private readonly FrameReader _reader;
    private readonly ILogger _logger;

    // Of the turn:
    private readonly Dictionary<ushort, ChannelRoute> _channels = [];
    private UpstreamConnection? _own;
    private bool _isClosing;
    private bool _hasLeft;
    private int _leaving;
    private TaskCompletionSource? _left;
    private bool _isToldBlocked;

    // Written once in the turn, read by the timer.
    private long _deadlineMs = long.MaxValue;

    // Of the reading loop:
    private Account? _account;
    private volatile ConnectionPool? _pool;
    private ushort _channelMax;
    private ChannelRoute? _toMove;
    private UpstreamConnection? _full;

    public ClientConnection(ProxyServer proxy, Stream stream, EndPoint? remote)
    {
        _proxy = proxy;
        _logger = proxy.Logger;
        Name = remote?.ToString() ?? "unknown";
        Link = new Link(stream, proxy.Counters.Clients);
        _reader = new FrameReader(Link) { FrameMax = ProposedFrameMax };
    }

    /// <summary>Its address.</summary>
    public string Name { get; }

    public Link Link { get; }

    /// <summary>It announced that it wants to hear when the broker cancels a consumer.</summary>
    public bool WantsCancelNotify { get; private set; }

    /// <summary>Channels that it has open, for figures: may be off by what happens meanwhile.</summary>
    public int Channels => _channels.Count;

    /// <summary>Runs it to its end, whatever that is.</summary>
    public async Task RunAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(_proxy.Options.HandshakeTimeout);
            await HandshakeAsync(patience.Token);
            await ServeAsync();
        }
        catch (CloseException e)
        {
            await RefuseAsync(e);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            LogEnded(Name, e.Message);
        }
        catch (Exception e)
        {
            // A fault of the proxy: this client pays for it, nobody else.
            LogFault(e, Name);
        }
        finally
        {
            await CleanUpAsync();
        }
    }

    /// <summary>Ends it with connection.close. Under the turn; any caller, any number of times.</summary>
    public void Close(CloseException reason)
    {
        if (_isClosing || _hasLeft) return;
        LogClosing(Name, _account?.User ?? "", reason.Code, reason.Message);
        _isClosing = true;
        Volatile.Write(ref _deadlineMs, Environment.TickCount64 + (long)CloseTimeout.TotalMilliseconds);
        var method = reason.Method;
        Link.Send(0, new ConnectionClose(reason.Code, reason.Message, (ushort)(method >> 16), (ushort)method));
        LeaveChannels();
    }

    /// <summary>For the end of the proxy: 320, whatever the client is doing.</summary>
    public void Close(string explanation)
    {
        if (_pool is not { } pool)
        {
            Link.Dispose();
            return;
        }
        lock (pool.Turn) Close(CloseException.Of(ReplyCode.ConnectionForced, explanation));
    }

    /// <summary>Ends it if it has no channel; under SIGTERM those have nothing to finish.</summary>
    public void CloseIfIdle(string explanation)
    {
        if (_pool is not { } pool) return;
        lock (pool.Turn)
        {
            if (_channels.Count == 0) Close(CloseException.Of(ReplyCode.ConnectionForced, explanation));
        }
    }

    /// <summary>It does not read what it is sent. Under the turn.</summary>
    public void EndAsTooSlow(int waiting)
    {
        if (_hasLeft) return;
        _hasLeft = true;
        _proxy.Counters.SlowClients.Add();
        LogTooSlow(Name, _account?.User ?? "", waiting, _proxy.Options.ClientBuffer);
        LeaveChannels();
        Link.Dispose();
    }

    public void Tick(long nowMs)
    {
        if (Volatile.Read(ref _deadlineMs) <= nowMs)
        {
            Link.Dispose();
        }
        else if (Link.Beat(nowMs) is { } reason)
        {
            LogEnded(Name, reason);
            Link.Dispose();
        }
    }

    /// <summary>Ends the socket at once. For the loop that runs it.</summary>
    public void Dispose()
    {
        Link.Dispose();
        _reader.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            switch (TakeTurn())
            {
                case ClientStep.Receive:
                    if (!await _reader.ReceiveAsync()) return;
                    break;
                case ClientStep.NeedsUpstream:
                    await GuardAsync(() => _pool!.GrowAsync());
                    break;
                case ClientStep.NeedsOwn:
                    await GuardAsync(MoveAsync);
                    break;
                case ClientStep.NeedsRoom:
                    Link.IsPaused = true;
                    await _full!.Link.RoomAsync();
                    Link.IsPaused = false;
                    break;
                case ClientStep.Leave:
                    await LeaveAsync();
                    Link.Send(0, default(ConnectionCloseOk));
                    return;
                case ClientStep.End:
                    return;
            }
        }
    }

    // A refusal ends the connection as any other mistake does: the loop goes on until the client has said close-ok.
    private async Task GuardAsync(Func<Task> step)
    {
        Link.IsPaused = true;
        try
        {
            await step();
        }
        catch (CloseException e)
        {
            lock (_pool!.Turn) Close(e);
        }
        Link.IsPaused = false;
    }

    private ClientStep TakeTurn()
    {
        lock (_pool!.Turn)
        {
            try
            {
                return ProcessFrames();
            }
            catch (CloseException e)
            {
                if (e.Code == ReplyCode.FrameError) _reader.Discard();
                Close(e);
                return ClientStep.Receive;
            }
        }
    }

    /// <summary>
    /// The client says good-bye: its close-ok follows once the broker has handled all that it sent, and its exclusive
    /// queues are gone.
    /// </summary>
    private async Task LeaveAsync()
    {
        Task left;
        UpstreamConnection? own;
        lock (_pool!.Turn)
        {
            LeaveChannels();
            own = _own;
            _left = _leaving > 0 ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            left = _left?.Task ?? Task.CompletedTask;
        }
        if (own is not null) await own.CloseAsync();
        try
        {
            await left.WaitAsync(CloseTimeout);
        }
        catch (TimeoutException)
        {
            LogLeavesEarly(Name, (int)CloseTimeout.TotalSeconds);
        }
    }

    // Under the turn: no channel is the client's any more.
    private void LeaveChannels()
    {
        _hasLeft = true;
        foreach (var route in _channels.Values)
        {
            route.DropContent();
            route.Client = null;
            route.Moving?.TrySetResult(false);
            // Its own connection ends as a whole.
            if (route.Upstream is not { } upstream || upstream == _own) continue;
            _leaving++;
            route.Closed = OnRouteClosed;
            upstream.CloseChannel(route);
        }
        _channels.Clear();
    }

    private void OnRouteClosed()
    {
        if (--_leaving == 0) _left?.TrySetResult();
    }

    private async Task CleanUpAsync()
    {
        if (_pool is { } pool)
        {
            UpstreamConnection? own;
            lock (pool.Turn)
            {
                LeaveChannels();
                own = _own;
            }
            if (own is not null) await own.CloseAsync();
        }
        // For the last frame: a client that does not take it has had its chance.
        await Task.WhenAny(Link.SentAsync(), Task.Delay(CloseTimeout));
        Dispose();
        _account?.Leave();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "client {Client} ended: {Reason}")]
    private partial void LogEnded(string client, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "client {Client}: a fault in the proxy ended it")]
    private partial void LogFault(Exception fault, string client);

    [LoggerMessage(Level = LogLevel.Warning, Message = "client {Client}, user '{User}', closed: {Code} {Text}")]
    private partial void LogClosing(string client, string user, int code, string text);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "client {Client}, user '{User}', does not read: {Octets} octets wait, more than --client-buffer "
            + "{Limit}; ended, so that others on the connection are not held up")]
    private partial void LogTooSlow(string client, string user, int octets, int limit);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "client {Client} gets its close-ok early: the broker has not closed its channels in {Seconds} s")]
    private partial void LogLeavesEarly(string client, int seconds);
}
