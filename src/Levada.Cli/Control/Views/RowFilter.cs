using System.Globalization;
using System.Text.RegularExpressions;

namespace Levada.Cli.Control.Views;

/// <summary>
/// What --filter says: COLUMN=TEXT, COLUMN~REGEX, COLUMN&gt;NUMBER, COLUMN&lt;NUMBER, or a text that is anywhere.
/// </summary>
internal sealed class RowFilter
{
    private static readonly TimeSpan RegexTime = TimeSpan.FromSeconds(1);

    private readonly ViewColumn? _column;
    private readonly char _kind;
    private readonly string _text;
    private readonly double _number;
    private readonly Regex? _regex;

    private RowFilter(ViewColumn? column, char kind, string text)
    {
        _column = column;
        _kind = kind;
        _text = text;
        if (kind is '<' or '>' && !double.TryParse(text, CultureInfo.InvariantCulture, out _number))
            throw new ControlException(ControlExit.Usage, $"--filter: '{text}' is no number");
        try
        {
            _regex = kind == '~' ? new Regex(text, RegexOptions.CultureInvariant, RegexTime) : null;
        }
        catch (ArgumentException e)
        {
            throw new ControlException(ControlExit.Usage, $"--filter: {e.Message}");
        }
    }

    /// <exception cref="ControlException">It makes no sense.</exception>
    public static RowFilter Parse(View view, string text)
    {
        var at = text.IndexOfAny(['=', '~', '<', '>']);
        // Names of connections have '->' in them, and are looked for too.
        return at <= 0 || text.AsSpan(at - 1).StartsWith("->")
            ? new RowFilter(null, ' ', text)
            : new RowFilter(view.Column(text[..at].Trim()), text[at], text[(at + 1)..].Trim());
    }

    public bool Fits(View view, ViewRow row) => _kind switch
    {
        '=' => row.Text(view, _column!) == _text,
        '~' => _regex!.IsMatch(row.Text(view, _column!)),
        '>' => row.Number(view, _column!) > _number,
        '<' => row.Number(view, _column!) < _number,
        _ => view.Columns.Any(c => !c.IsNumber
            && row.Text(view, c).Contains(_text, StringComparison.OrdinalIgnoreCase)),
    };
}
