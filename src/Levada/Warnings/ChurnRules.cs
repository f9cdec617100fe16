using Levada.Amqp;

namespace Levada.Warnings;

/// <summary>
/// Connections, channels, consumers and queues that come and go too often, by user, client product and connection name.
/// Both ways: clients that all come back after a broker's restart open much and close nothing, and leaks are warned of
/// by another name.
/// </summary>
internal sealed class ChurnRules(
    OpenConnections connections, WarningOptions options, WarningBoard board, TimeProvider time)
{
    private readonly Dictionary<(UsageKind Kind, string Name), ChurnTrack> _tracks = [];
    private readonly List<(UsageKind Kind, string Name, Churn Total)> _totals = [];
    private long _lookedAt;
    private long _look;

    public void Judge(long nowMs)
    {
        var at = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_lookedAt, at).TotalSeconds;
        _lookedAt = at;
        _look++;
        _totals.Clear();
        connections.ReadTotals(_totals);
        foreach (var (kind, name, total) in _totals)
        {
            if (!_tracks.TryGetValue((kind, name), out var track))
                _tracks.Add((kind, name), track = new ChurnTrack { Total = total });
            else if (seconds > 0)
                Judge(kind, name, track, total, seconds, nowMs);
            track.Total = total;
            track.Look = _look;
        }
        foreach (var (key, track) in _tracks)
        {
            if (track.Look != _look)
                _tracks.Remove(key);
        }
    }

    private void Judge(UsageKind by, string name, ChurnTrack track, Churn total, double seconds, long nowMs)
    {
        for (var i = 0; i < ChurnKind.All.Count; i++)
        {
            var kind = ChurnKind.All[i];
            var opened = (kind.Opened(total) - kind.Opened(track.Total)) / seconds;
            var closed = (kind.Closed(total) - kind.Closed(track.Total)) / seconds;
            var (rate, limit) = (Math.Min(opened, closed), kind.RateOf(options));
            // Half as often is still too often once it was warned of: no warning flickers.
            if (limit == 0 || rate < limit / 2.0 || (rate < limit && !board.IsStanding(kind.Name, (by, name))))
            {
                track.SinceMs[i] = -1;
                continue;
            }
            if (track.SinceMs[i] < 0)
                track.SinceMs[i] = nowMs;
            var lasts = nowMs - track.SinceMs[i];
            if (lasts >= options.ChurnTime.TotalMilliseconds)
                board.Report(kind.Name, (by, name), () => Describe(by, name, kind, opened, closed, limit, lasts));
        }
    }

    private Warning Describe(
        UsageKind by, string name, ChurnKind kind, double opened, double closed, int limit, long lastsMs) => new()
        {
            Name = kind.Name,
            What = $"{WarningText.Rate(opened)} {kind.Things} are opened and {WarningText.Rate(closed)} closed in a "
                + $"second, for {WarningText.Time(lastsMs)} now (from {limit} on it is too many)",
            Advice = kind.Advice,
            Since = time.GetUtcNow() - TimeSpan.FromMilliseconds(lastsMs),
            User = by == UsageKind.User ? name : "",
            Product = by == UsageKind.Product ? name : "",
            ClientName = by == UsageKind.ConnectionName ? name : "",
            Figures = new Dictionary<string, double>
            {
                ["opened_per_second"] = Math.Round(opened, 1),
                ["closed_per_second"] = Math.Round(closed, 1),
                ["limit_per_second"] = limit,
            },
        };
}
