using System.Text.RegularExpressions;

namespace Levada.Auth;

/// <summary>
/// A regular expression over names, as permissions have three of. As in RabbitMQ it may match anywhere in the name
/// unless it is anchored, and an empty one is <c>^$</c>: no name at all. A hostile pattern cannot hold a thread up: it
/// runs in time linear in the name, or, if it needs look-around or back-references, with a deadline that counts as no
/// match.
/// </summary>
public sealed class NamePattern
{
    /// <summary>How long a pattern that cannot run in linear time may take for one name.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(50);

    private readonly Regex? _regex;
    private readonly bool _matchesAll;

    /// <exception cref="FormatException">It is not a regular expression; the text says where it fails.</exception>
    public NamePattern(string pattern)
    {
        Pattern = pattern;
        _matchesAll = pattern == ".*";
        if (_matchesAll)
            return;
        _regex = Compile(pattern.Length == 0 ? "^$" : pattern);
    }

    /// <summary>As it was given.</summary>
    public string Pattern { get; }

    public bool Matches(string name)
    {
        if (_matchesAll)
            return true;
        try
        {
            return _regex!.IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            // What cannot be shown to be allowed is refused, and the client is told so.
            return false;
        }
    }

    private static Regex Compile(string pattern)
    {
        const RegexOptions Options = RegexOptions.CultureInvariant;
        try
        {
            return new Regex(pattern, Options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, Options, Deadline);
        }
        catch (RegexParseException fault)
        {
            throw new FormatException($"'{pattern}' is not a regular expression: {fault.Message}", fault);
        }
    }
}
