using System.Net;

namespace Levada.Auth;

/// <summary>
/// Counts logins by protocol and, while track_auth_attempt_source is on, by address and user as well: at most
/// auth_attempt_sources_max of these, since who guesses chooses how many there are. Safe from any thread: one lock
/// (_counting), a leaf.
/// </summary>
public sealed class LoginCounts
{
    /// <summary>AMQP, also over WebSocket.</summary>
    public const string Amqp = "amqp091";

    /// <summary>The management API.</summary>
    public const string Http = "http";

    private const int NameMax = 255;

    private readonly BrokerOptions _options;
    private readonly Lock _counting = new();
    private readonly LoginCount[] _since = [new(Http, "", "", 0, 0), new(Amqp, "", "", 0, 0)];
    private readonly LoginCount[] _beforeReset;
    private readonly Dictionary<(string Protocol, string Address, string User), LoginCount> _bySource = [];
    private long _leftOut;

    internal LoginCounts(BrokerOptions options)
    {
        _options = options;
        _beforeReset = [.. _since];
    }

    /// <summary>Logins since the start that were not counted by source, as there were too many sources.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    /// <summary>Sources that are counted.</summary>
    public int SourceCount
    {
        get
        {
            lock (_counting)
                return _bySource.Count;
        }
    }

    /// <summary>Since the last reset, one for each protocol.</summary>
    public IReadOnlyList<LoginCount> ByProtocol()
    {
        lock (_counting)
            return [.. _since];
    }

    /// <summary>The same since the start.</summary>
    public IReadOnlyList<LoginCount> Totals()
    {
        lock (_counting)
            return [.. _since.Zip(_beforeReset, Sum)];
    }

    /// <summary>Since the last reset, as far as sources were tracked.</summary>
    public IReadOnlyList<LoginCount> BySource()
    {
        lock (_counting)
            return [.. _bySource.Values];
    }

    /// <summary>A login was tried.</summary>
    /// <param name="protocol">One of the constants.</param>
    /// <param name="from">Null by a Unix domain socket.</param>
    /// <param name="user">As the client gave it; empty if it gave none.</param>
    /// <param name="isRight">It succeeded.</param>
    public void Count(string protocol, IPAddress? from, string user, bool isRight)
    {
        var address = from is null ? "" : $"{(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from)}";
        var key = (protocol, address, user.Length > NameMax ? user[..NameMax] : user);
        lock (_counting)
        {
            ref var all = ref _since[protocol == Http ? 0 : 1];
            all = all.With(isRight);
            if (!_options.TrackLoginSources || (address.Length == 0 && user.Length == 0))
                return;
            if (!_bySource.TryGetValue(key, out var count))
            {
                if (_bySource.Count >= _options.LoginSourcesMax)
                {
                    Interlocked.Increment(ref _leftOut);
                    return;
                }
                count = new LoginCount(protocol, address, key.Item3, 0, 0);
            }
            _bySource[key] = count.With(isRight);
        }
    }

    /// <summary>Begins anew, for all protocols and sources; the totals go on.</summary>
    public void Reset()
    {
        lock (_counting)
        {
            for (var i = 0; i < _since.Length; i++)
            {
                _beforeReset[i] = Sum(_since[i], _beforeReset[i]);
                _since[i] = _since[i] with { Succeeded = 0, Failed = 0 };
            }
            _bySource.Clear();
        }
    }

    private static LoginCount Sum(LoginCount a, LoginCount b) =>
        a with { Succeeded = a.Succeeded + b.Succeeded, Failed = a.Failed + b.Failed };
}
