using Levada.Protocol;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Proxy;

/// <summary>
/// A connection to the broker: shared by clients of the same credentials and virtual host, or of one client alone. Its
/// state belongs to the turn of the pool.
/// </summary>
internal sealed partial class UpstreamConnection
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly ConnectionPool _pool;
    private readonly FrameReader _reader;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Dictionary<ushort, ChannelRoute> _routes = [];
    private readonly HashSet<ushort> _opening = [];
    private readonly Stack<ushort> _spares = [];
    private readonly Stack<ushort> _free = [];
    private readonly ushort _channelMax;
    private ushort _highest;
    private bool _isClosing;
    private bool _isOver;

    public UpstreamConnection(ConnectionPool pool, UpstreamLogin login, ClientConnection? owner)
    {
        _pool = pool;
        _reader = login.Reader;
        _logger = pool.Proxy.Logger;
        _channelMax = login.Tune.ChannelMax == 0 ? ushort.MaxValue : login.Tune.ChannelMax;
        Link = login.Link;
        Owner = owner;
    }

    public Link Link { get; }

    /// <summary>The only client that may use it; null if it is shared.</summary>
    public ClientConnection? Owner { get; private set; }

    /// <summary>Why the broker takes no publishes; null while it does.</summary>
    public string? BlockedReason { get; private set; }

    /// <summary>No more channels: it is closing, or gone.</summary>
    public bool IsGone { get; private set; }

    public int LeasedChannels => _routes.Count;

    public int SpareChannels => _spares.Count + _opening.Count;

    /// <summary>Since when no client has a channel here; milliseconds.</summary>
    public long IdleSinceMs { get; private set; } = Environment.TickCount64;

    public bool HasRoom => !IsGone && (_spares.Count > 0 || _routes.Count + SpareChannels < Limit);

    private int Limit => Owner is null ? Math.Min(_pool.Proxy.Options.MaxUpstreamChannels, _channelMax) : _channelMax;

    /// <summary>Gives the route a channel here.</summary>
    /// <returns>True if it is open already; otherwise the broker's open-ok follows.</returns>
    public bool Attach(ChannelRoute route)
    {
        var isReady = _spares.TryPop(out var number);
        if (!isReady)
        {
            number = NextNumber();
            Link.Send(number, default(ChannelOpen));
        }
        route.Upstream = this;
        route.UpstreamNumber = number;
        route.IsCloseSent = false;
        _routes.Add(number, route);
        return isReady;
    }

    /// <summary>Asks the broker to close the channel.</summary>
    public void CloseChannel(ChannelRoute route)
    {
        if (route.IsCloseSent) return;
        route.IsCloseSent = true;
        Link.Send(route.UpstreamNumber, new ChannelClose(ReplyCode.Success, "the client is gone", 0, 0));
    }

    /// <summary>Makes it the client's own if nobody else has a channel on it.</summary>
    public bool TryGiveTo(ClientConnection client)
    {
        if (Owner == client) return true;
        if (IsGone || Owner is not null || _routes.Values.Any(r => r.Client != client)) return false;
        Owner = client;
        return true;
    }

    /// <summary>
    /// Closes it in order; completes when the broker has said so, or did not within five seconds. What was sent
    /// before has been handled by the broker then, and its exclusive queues are gone.
    /// </summary>
    public async Task CloseAsync()
    {
        lock (_pool.Turn)
        {
            if (!_isClosing)
            {
                _isClosing = IsGone = true;
                Link.Send(0, new ConnectionClose(ReplyCode.Success, "not needed any more", 0, 0));
            }
        }
        try
        {
            await _ended.Task.WaitAsync(CloseTimeout);
        }
        catch (TimeoutException)
        {
            LogNoCloseOk(_pool.Proxy.Options.Upstream);
            Link.Dispose();
        }
    }

    /// <summary>Reads until the end.</summary>
    public async Task RunAsync()
    {
        var reason = "the broker ended the connection";
        try
        {
            do
            {
                lock (_pool.Turn) Process();
                if (Owner is { } owner) await WaitForAsync(owner.Link);
            }
            while (!_isOver && await _reader.ReceiveAsync());
        }
        catch (Exception e) when (e is IOException or CloseException)
        {
            reason = e.Message;
        }
        lock (_pool.Turn) End(ReplyCode.ConnectionForced, $"CONNECTION_FORCED - upstream: {reason}", 0);
        await Link.SentAsync();
        Link.Dispose();
        _reader.Dispose();
        _ended.TrySetResult();
    }

    public void Tick(long nowMs)
    {
        if (Link.Beat(nowMs) is not { } reason) return;
        LogLost(_pool.Proxy.Options.Upstream, reason);
        Link.Dispose();
    }

    // Only its owner suffers when nobody reads it, so here TCP may do the waiting.
    private async Task WaitForAsync(Link client)
    {
        if (client.Waiting <= Link.HighWater) return;
        Link.IsPaused = true;
        await client.RoomAsync();
        Link.IsPaused = false;
    }

    private ushort NextNumber() => _free.TryPop(out var number) ? number : ++_highest;

    private void Free(ushort number)
    {
        _routes.Remove(number);
        if (_routes.Count == 0) IdleSinceMs = Environment.TickCount64;
        if (IsGone) return;
        if (Owner is null && SpareChannels < _pool.Proxy.Options.SpareChannels)
        {
            _opening.Add(number);
            Link.Send(number, default(ChannelOpen));
        }
        else
        {
            _free.Push(number);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Upstream} did not answer connection.close; dropped")]
    private partial void LogNoCloseOk(string upstream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "connection to {Upstream} lost: {Reason}")]
    private partial void LogLost(string upstream, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Upstream} closed a connection that {Clients} clients used: {Code} {Text}")]
    private partial void LogClosed(string upstream, int clients, int code, string text);
}
