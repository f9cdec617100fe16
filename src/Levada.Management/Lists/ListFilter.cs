using System.Globalization;

namespace Levada.Management.Lists;

/// <summary>
/// What a field must be: <c>text</c> or <c>=text</c> is that very value, <c>!text</c> any other, <c>~expression</c>
/// what a regular expression matches, <c>&gt;number</c> and <c>&lt;number</c> more and less.
/// </summary>
internal sealed class ListFilter
{
    private readonly Func<ListValue, bool> _matches;

    /// <exception cref="ListFaultException">It cannot be understood.</exception>
    public ListFilter(string field, string wanted)
    {
        Field = field;
        var rest = wanted.Length == 0 ? "" : wanted[1..];
        _matches = wanted.Length == 0 ? static value => value.Text.Length == 0 : wanted[0] switch
        {
            '=' => value => IsSame(value, rest),
            '!' => value => !IsSame(value, rest),
            '~' => Expression(rest),
            '>' => Number(rest, static (value, bound) => value > bound),
            '<' => Number(rest, static (value, bound) => value < bound),
            _ => value => IsSame(value, wanted),
        };
    }

    /// <summary>Dotted, as in sort.</summary>
    public string Field { get; }

    public bool Matches(ListValue value) => _matches(value);

    private static bool IsSame(ListValue value, string text) => value.Number is { } number
        ? double.TryParse(text, CultureInfo.InvariantCulture, out var other) && number == other
        : value.Text == text;

    private static Func<ListValue, bool> Expression(string pattern)
    {
        var match = new TextMatch(pattern, isRegex: true);
        return value => match.Matches(value.Text);
    }

    private Func<ListValue, bool> Number(string text, Func<double, double, bool> compare) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var bound)
            ? value => value.Number is { } number && compare(number, bound)
            : throw new ListFaultException("bad_request", $"{ListRequest.FilterPrefix}{Field}: '{text}' is no number");
}
