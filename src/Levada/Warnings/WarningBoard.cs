using Microsoft.Extensions.Logging;

namespace Levada.Warnings;

/// <summary>
/// The warnings that stand. Changed by the looks only, one at a time; anyone may read. Each stands as long as every
/// look finds it again. Their number is bounded by name, so that a flood of one hides no other.
/// </summary>
public sealed partial class WarningBoard
{
    private readonly Dictionary<(string Name, object Subject), Standing> _standing = [];
    private readonly Dictionary<string, Tally> _tallies = WarningName.All.ToDictionary(n => n, _ => new Tally());
    private readonly WarningOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private volatile IReadOnlyList<Warning> _current = [];
    private long _look;

    internal WarningBoard(WarningOptions options, ILogger logger, TimeProvider time)
    {
        _options = options;
        _logger = logger;
        _time = time;
    }

    /// <summary>One is new, or (true) over. In the midst of a look.</summary>
    internal Action<Warning, bool> Changed { get; init; } = static (_, _) => { };

    /// <summary>Those that stand, the oldest first.</summary>
    public IReadOnlyList<Warning> Current => _current;

    /// <summary>
    /// Of each name: how many stand, how many were ever given, how many were left out at the last look.
    /// </summary>
    public IEnumerable<(string Name, int Standing, long Raised, int LeftOut)> Counts =>
        _tallies.Select(static t => (t.Key, t.Value.Standing, Interlocked.Read(ref t.Value.Raised), t.Value.LeftOut));

    internal bool IsStanding(string name, object subject) => _standing.ContainsKey((name, subject));

    /// <summary>The look has found it. New ones are logged; there is no room for more than so many of a name.</summary>
    internal void Report(string name, object subject, Func<Warning> describe)
    {
        var key = (name, subject);
        var tally = _tallies[name];
        if (_standing.TryGetValue(key, out var standing))
        {
            // When it began does not change, whatever the rule makes of it later.
            _standing[key] = new Standing(describe() with { Since = standing.Warning.Since }, _look);
            return;
        }
        if (tally.Standing >= _options.Max)
        {
            tally.LeftOutNow++;
            return;
        }
        var warning = describe();
        _standing.Add(key, new Standing(warning, _look));
        tally.Standing++;
        Interlocked.Increment(ref tally.Raised);
        LogRaised(name, warning.Who, warning.What, warning.Advice);
        Changed(warning, false);
    }

    /// <summary>The look is over: what it has not found again is no more.</summary>
    internal void EndLook()
    {
        var gone = _standing.Where(s => s.Value.Look != _look).ToList();
        foreach (var (key, standing) in gone)
        {
            _standing.Remove(key);
            _tallies[key.Name].Standing--;
            var who = standing.Warning.Who;
            var lasted = WarningText.Time((long)(_time.GetUtcNow() - standing.Warning.Since).TotalMilliseconds);
            LogCleared(key.Name, who, lasted);
            Changed(standing.Warning, true);
        }
        foreach (var tally in _tallies.Values)
            (tally.LeftOut, tally.LeftOutNow) = (tally.LeftOutNow, 0);
        if (_standing.Count > 0 || _current.Count > 0)
            _current = [.. _standing.Values.Select(static s => s.Warning).OrderBy(static w => w.Since)];
        _look++;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "warning {Name}: {Who}: {What}. {Advice}")]
    private partial void LogRaised(string name, string who, string what, string advice);

    [LoggerMessage(Level = LogLevel.Information, Message = "warning over: {Name}: {Who}; it lasted {Duration}")]
    private partial void LogCleared(string name, string who, string duration);

    private readonly record struct Standing(Warning Warning, long Look);

    private sealed class Tally
    {
        public int Standing;
        public long Raised;
        public int LeftOut;
        public int LeftOutNow;
    }
}
