using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>
/// Credentials that clients came with, and the pools that were opened with them. The broker decides whether they are
/// good: while one of its connections lives they are, otherwise it is asked.
/// </summary>
internal sealed class Account(ProxyServer proxy, Credentials credentials)
{
    // Guards everything below.
    private readonly Lock _lock = new();
    private readonly Dictionary<(string VHost, uint FrameMax), ConnectionPool> _pools = [];
    private UpstreamLogin? _login;
    private ConnectionTune _tune;
    private Task? _checking;
    private int _clients;

    public string User => credentials.User;

    public ConnectionPool[] Pools
    {
        get
        {
            lock (_lock) return [.. _pools.Values];
        }
    }

    /// <summary>Nobody needs it.</summary>
    public bool IsUnused
    {
        get
        {
            lock (_lock)
            {
                return _clients == 0 && _checking is null && _login is null
                    && !_pools.Values.Any(static p => p.IsAlive);
            }
        }
    }

    public void Enter()
    {
        lock (_lock) _clients++;
    }

    public void Leave()
    {
        lock (_lock) _clients--;
    }

    /// <summary>Whether the broker lets them in; what it proposes.</summary>
    /// <exception cref="CloseException">It does not: its code and text.</exception>
    public async Task<ConnectionTune> CheckAsync()
    {
        Task checking;
        lock (_lock)
        {
            if (_login is { IsFresh: true } || _pools.Values.Any(static p => p.IsAlive)) return _tune;
            checking = _checking ??= CheckOnceAsync();
        }
        await checking;
        lock (_lock) return _tune;
    }

    public ConnectionPool PoolFor(string vhost, uint frameMax)
    {
        lock (_lock)
        {
            if (!_pools.TryGetValue((vhost, frameMax), out var pool))
                _pools.Add((vhost, frameMax), pool = new ConnectionPool(proxy, this, vhost, frameMax));
            return pool;
        }
    }

    /// <summary>A connection that is logged in, left over from a check; the taker's own.</summary>
    public UpstreamLogin? TakeLogin()
    {
        lock (_lock)
        {
            var login = _login;
            _login = null;
            if (login is not { IsFresh: false }) return login;
            login.Dispose();
            return null;
        }
    }

    /// <summary>A new connection, logged in.</summary>
    /// <exception cref="CloseException">The broker refuses, or cannot be reached.</exception>
    public async Task<UpstreamLogin> LoginAsync(string name)
    {
        var login = await proxy.GreetAsync();
        try
        {
            await login.LoginAsync(credentials, name);
            return login;
        }
        catch (CloseException)
        {
            login.Dispose();
            throw;
        }
    }

    public void Tick(long nowMs)
    {
        foreach (var pool in Pools) pool.Tick(nowMs);
        lock (_lock)
        {
            if (_login is { IsFresh: false })
            {
                _login.Dispose();
                _login = null;
            }
            if (_clients > 0) return;
            foreach (var (key, pool) in _pools)
                if (pool.Connections.Length == 0) _pools.Remove(key);
        }
    }

    private async Task CheckOnceAsync()
    {
        // Off the lock before anything else.
        await Task.Yield();
        try
        {
            var login = await LoginAsync("levada proxy");
            lock (_lock)
            {
                _login?.Dispose();
                _login = login;
                _tune = login.Tune;
            }
        }
        finally
        {
            lock (_lock) _checking = null;
        }
    }
}
