using Levada.Amqp;

namespace Levada.Warnings;

/// <summary>
/// Looks at all connections and channels every few seconds and has the rules judge them. On the ticker, a slice of a
/// look at a time; a connection's turn is held for a thousand channels at most. What a channel has done is counted
/// anyway: the looks compare.
/// </summary>
internal sealed class WarningWatch
{
    // Channels and connections a tick: less than two milliseconds of it.
    private const int StepsPerTick = 20_000;

    // A process that was stopped for long has seen nothing of the time in between: no more counts than this.
    private const int IntervalsPerLook = 4;

    private readonly OpenConnections _connections;
    private readonly WarningOptions _options;
    private readonly WarningBoard _board;
    private readonly TimeProvider _time;
    private readonly ConnectionRules _connectionRules;
    private readonly ChannelRules _channelRules;
    private readonly ChurnRules _churnRules;
    private readonly ConnectionTally _tally = new();
    private readonly List<ChannelLook> _looks = [];
    private readonly int _stepsPerTick;

    private IEnumerator<int>? _look;
    private long _lookedAt;
    private long _nowMs = 1;

    public WarningWatch(
        OpenConnections connections, WarningOptions options, WarningBoard board, TimeProvider time,
        int stepsPerTick = StepsPerTick)
    {
        (_connections, _options, _board, _time, _stepsPerTick) = (connections, options, board, time, stepsPerTick);
        _connectionRules = new ConnectionRules(options, board, time);
        _channelRules = new ChannelRules(options, board, time);
        _churnRules = new ChurnRules(connections, options, board, time);
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Goes on with a look, or begins one if it is time; called a few times a second.</summary>
    public void Tick()
    {
        if (_options.Interval == TimeSpan.Zero)
            return;
        if (_look is null)
        {
            if (_time.GetElapsedTime(_lookedAt) < _options.Interval)
                return;
            _look = Steps().GetEnumerator();
        }
        for (var left = _stepsPerTick; left > 0; left -= _look.Current)
        {
            if (_look.MoveNext())
                continue;
            _look = null;
            return;
        }
    }

    /// <summary>A whole look at once.</summary>
    public void Look()
    {
        foreach (var _ in Steps())
        {
        }
    }

    private IEnumerable<int> Steps()
    {
        Advance();
        _churnRules.Judge(_nowMs);
        foreach (var connection in _connections.All)
        {
            _tally.Clear();
            // Without channels there is nothing to look at, and no turn is taken.
            for (var number = connection.ChannelCount == 0 ? int.MaxValue : 0; number <= ushort.MaxValue;)
            {
                number = LookAt(connection, number);
                yield return 1 + _looks.Count;
            }
            _connectionRules.Judge(connection, _tally, _nowMs);
            yield return 1;
        }
        _connectionRules.EndLook();
        _channelRules.EndLook();
        _board.EndLook();
    }

    private void Advance()
    {
        var at = _time.GetTimestamp();
        var most = _options.Interval > TimeSpan.Zero ? _options.Interval * IntervalsPerLook : TimeSpan.MaxValue;
        var since = _time.GetElapsedTime(_lookedAt, at);
        _nowMs += (long)(since < most ? since : most).TotalMilliseconds;
        _lookedAt = at;
    }

    private int LookAt(Connection connection, int from)
    {
        _looks.Clear();
        var next = connection.LookAtChannels(from, _nowMs, _channelRules.StuckMs, _looks);
        foreach (var look in _looks)
        {
            _tally.Add(look, _options);
            _channelRules.Judge(connection, look, _nowMs);
        }
        return next;
    }
}
