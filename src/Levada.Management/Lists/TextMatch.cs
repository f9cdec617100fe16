using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Levada.Management.Lists;

/// <summary>
/// A part of a text or a regular expression, without regard to case. An expression runs in time linear in the text, or,
/// if it needs look-around or back-references, has a second for the whole list. Of one request.
/// </summary>
internal sealed class TextMatch
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(1);

    private readonly string _part = "";
    private readonly Regex? _regex;
    private readonly bool _isLinear;
    private TimeSpan _used;

    /// <exception cref="ListFaultException">It is not a regular expression.</exception>
    public TextMatch(string text, bool isRegex)
    {
        if (!isRegex)
        {
            _part = text;
            return;
        }
        try
        {
            _regex = new Regex(text, Options | RegexOptions.NonBacktracking);
            _isLinear = true;
        }
        catch (NotSupportedException)
        {
            _regex = new Regex(text, Options, Deadline);
        }
        catch (RegexParseException)
        {
            throw ListRequest.NotUnderstood;
        }
    }

    /// <exception cref="ListFaultException">It takes too long.</exception>
    public bool Matches(string text)
    {
        if (_regex is null)
            return text.Contains(_part, StringComparison.OrdinalIgnoreCase);
        if (_isLinear)
            return _regex.IsMatch(text);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var matches = _regex.IsMatch(text);
            _used += Stopwatch.GetElapsedTime(begun);
            return _used < Allowance ? matches : throw TooSlow();
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooSlow();
        }
    }

    private static ListFaultException TooSlow() =>
        new("bad_request", "The regular expression takes too long: leave out look-around and back-references");
}
