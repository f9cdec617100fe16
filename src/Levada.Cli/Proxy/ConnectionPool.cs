namespace Levada.Cli.Proxy;

/// <summary>
/// The upstream connections of one user on one virtual host, with one frame_max, so that frames fit either side as
/// they are. Clients, routes and upstream connections of a pool belong to whoever holds its turn: a reader, once a
/// read.
/// </summary>
internal sealed class ConnectionPool(ProxyServer proxy, Account account, string vhost, uint frameMax)
{
    private readonly List<UpstreamConnection> _connections = [];
    private Task? _growing;

    /// <summary>Taken before a link's lock, never with one held.</summary>
    public Lock Turn { get; } = new();

    public ProxyServer Proxy => proxy;

    /// <summary>All there are, for figures and timers.</summary>
    public UpstreamConnection[] Connections
    {
        get
        {
            lock (Turn) return [.. _connections];
        }
    }

    /// <summary>A connection is open, so the broker has let the user in.</summary>
    public bool IsAlive
    {
        get
        {
            lock (Turn) return _connections.Exists(static c => !c.IsGone);
        }
    }

    /// <summary>A shared connection with room for a channel, rather one that may publish. Under the turn.</summary>
    public UpstreamConnection? FindRoom()
    {
        UpstreamConnection? found = null;
        foreach (var connection in _connections)
        {
            if (connection.Owner is not null || !connection.HasRoom) continue;
            if (connection.BlockedReason is null) return connection;
            found ??= connection;
        }
        return found;
    }

    /// <summary>Makes sure that there is a connection.</summary>
    /// <exception cref="CloseException">The broker refuses, or cannot be reached.</exception>
    public Task EnsureAsync() => IsAlive ? Task.CompletedTask : GrowAsync();

    /// <summary>Opens one more shared connection; callers at the same time wait for the same one.</summary>
    /// <exception cref="CloseException">The broker refuses, or cannot be reached.</exception>
    public Task GrowAsync()
    {
        lock (Turn) return _growing ??= GrowOnceAsync();
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="owner">Null for a shared one.</param>
    /// <exception cref="CloseException">The broker refuses, or cannot be reached.</exception>
    public async Task<UpstreamConnection> OpenAsync(ClientConnection? owner)
    {
        var name = owner is null ? "levada proxy" : $"levada proxy for {owner.Name}";
        using var login = (owner is null ? account.TakeLogin() : null) ?? await account.LoginAsync(name);
        await login.OpenAsync(vhost, frameMax);
        proxy.Counters.UpstreamOpened.Add();
        var connection = new UpstreamConnection(this, login, owner);
        lock (Turn) _connections.Add(connection);
        _ = connection.RunAsync();
        return connection;
    }

    /// <summary>Under the turn.</summary>
    public void Remove(UpstreamConnection connection) => _connections.Remove(connection);

    /// <summary>Heartbeats, and the end of connections that nobody has used for long.</summary>
    public void Tick(long nowMs)
    {
        var idleBeforeMs = nowMs - (long)proxy.Options.IdleConnectionTimeout.TotalMilliseconds;
        foreach (var connection in Connections)
        {
            connection.Tick(nowMs);
            bool isIdle;
            lock (Turn)
            {
                isIdle = connection is { Owner: null, LeasedChannels: 0, IsGone: false }
                    && connection.IdleSinceMs <= idleBeforeMs;
            }
            if (isIdle) _ = connection.CloseAsync();
        }
    }

    private async Task GrowOnceAsync()
    {
        // Off the turn before anything else.
        await Task.Yield();
        try
        {
            await OpenAsync(null);
        }
        finally
        {
            lock (Turn) _growing = null;
        }
    }
}
