using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Levada.Policies;

/// <summary>
/// The regular expression that says which names a policy is for. As in RabbitMQ it may match anywhere in a name unless
/// it is anchored. It runs in time linear in the name, or, if it needs look-around or back-references, with a deadline.
/// So that it cannot stall anybody, whatever it is, it has an allowance of time for all names together, which fills up
/// again slowly; when it is used up the pattern is given up and matches nothing any more. Owner: the catalog's lock.
/// </summary>
public sealed class PolicyPattern
{
    // A match takes microseconds; what is shorter than this is not counted.
    private const double CountedFromMs = 0.1;
    private const double AllowanceMs = 1_000;
    private const double RefillShare = 0.01;

    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(50);

    private readonly Regex _regex;
    private double _usedMs;
    private long _usedAt;

    /// <exception cref="FormatException">It is not a regular expression; the text says why.</exception>
    public PolicyPattern(string text)
    {
        Text = text;
        try
        {
            _regex = new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            _regex = new Regex(text, RegexOptions.CultureInvariant, Deadline);
        }
        catch (RegexParseException fault)
        {
            throw new FormatException(fault.Message, fault);
        }
    }

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>It took too long: it matches nothing from then on.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>It takes time in proportion to the length of a name, whatever the name is.</summary>
    public bool IsLinear => _regex.Options.HasFlag(RegexOptions.NonBacktracking);

    public bool Matches(string name)
    {
        if (IsGivenUp)
            return false;
        var start = Stopwatch.GetTimestamp();
        try
        {
            return _regex.IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
        finally
        {
            Count(start);
        }
    }

    private void Count(long start)
    {
        var ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (ms < CountedFromMs)
            return;
        var since = Stopwatch.GetElapsedTime(_usedAt, start).TotalMilliseconds;
        _usedMs = Math.Max(0, _usedMs - (since * RefillShare)) + ms;
        _usedAt = start;
        IsGivenUp = _usedMs > AllowanceMs;
    }
}
