using System.Net;

namespace Levada.Auth;

/// <summary>
/// Holds up who guesses passwords: after login_failures_max failed logins as one user from one address, further ones
/// from there as that user are refused unseen for a while that doubles with each failure; after five times as many, of
/// whatever users, all from that address. Nobody at another address notices. Safe from any thread: one lock
/// (_counting), a leaf.
/// </summary>
public sealed class LoginDelays
{
    /// <summary>Pairs of address and user that are remembered at most.</summary>
    public const int KeptMax = 10_000;

    private const int OfAnyUser = 5;
    private const int NameMax = 255;
    private const int DoublingsMax = 20;

    private readonly BrokerOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _counting = new();
    private readonly Dictionary<(IPAddress Address, string User), Failures> _failures = [];
    private long _heldUp;
    private long _sweptMs;

    internal LoginDelays(BrokerOptions options, TimeProvider time) => (_options, _time) = (options, time);

    /// <summary>Logins that were refused unseen, since the start.</summary>
    public long HeldUp => Interlocked.Read(ref _heldUp);

    /// <summary>Pairs of address and user that have failed lately.</summary>
    public int Count
    {
        get
        {
            lock (_counting)
                return _failures.Count;
        }
    }

    private long NowMs => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    // After the last failure, as long as it may have been held up, and a while on top.
    private long KeptMs => ((long)_options.LoginDelayMax.TotalMilliseconds * 2) + 600_000;

    /// <summary>How long a login has to wait; zero if it may be tried now. One that has to is counted.</summary>
    public TimeSpan Check(IPAddress address, string user)
    {
        var now = NowMs;
        long until;
        lock (_counting)
            until = Math.Max(Until((address, Cut(user))), Until((address, "")));
        if (until <= now)
            return TimeSpan.Zero;
        Interlocked.Increment(ref _heldUp);
        return TimeSpan.FromMilliseconds(until - now);
    }

    /// <summary>A login was tried and refused.</summary>
    public void Failed(IPAddress address, string user)
    {
        if (_options.LoginFailuresMax == 0)
            return;
        lock (_counting)
        {
            CountOne((address, Cut(user)), _options.LoginFailuresMax);
            CountOne((address, ""), _options.LoginFailuresMax * OfAnyUser);
        }
    }

    /// <summary>The right password: what this user has failed there is forgotten.</summary>
    public void Succeeded(IPAddress address, string user)
    {
        lock (_counting)
            _failures.Remove((address, Cut(user)));
    }

    private static string Cut(string user) => user.Length > NameMax ? user[..NameMax] : user;

    private long Until((IPAddress, string) key) =>
        _failures.TryGetValue(key, out var failures) ? failures.UntilMs : 0;

    private void CountOne((IPAddress, string) key, int free)
    {
        var now = NowMs;
        var failures = _failures.GetValueOrDefault(key);
        var isOld = now - failures.LastMs > KeptMs;
        var count = isOld ? 1 : failures.Count + 1;
        if (!_failures.ContainsKey(key) && _failures.Count >= KeptMax && !MakeRoom(now))
            return;
        long until = 0;
        if (count >= free)
        {
            var delay = _options.LoginDelay.TotalMilliseconds * (1L << Math.Min(count - free, DoublingsMax));
            until = now + (long)Math.Min(delay, _options.LoginDelayMax.TotalMilliseconds);
        }
        _failures[key] = new Failures(count, now, until);
    }

    // All of it is looked through once a second at most: a flood of addresses makes no work of it.
    private bool MakeRoom(long now)
    {
        if (now - _sweptMs >= 1000)
        {
            _sweptMs = now;
            foreach (var (key, failures) in _failures)
            {
                if (now - failures.LastMs > KeptMs)
                    _failures.Remove(key);
            }
        }
        return _failures.Count < KeptMax;
    }

    private readonly record struct Failures(int Count, long LastMs, long UntilMs);
}
