using System.Text;

namespace Levada.Cli.Shell;

/// <summary>
/// A command line as bash hands it over: not split, because bash splits at more than blanks (COMP_WORDBREAKS), and
/// replaces only what stands behind the last such place.
/// </summary>
internal sealed class BashLine
{
    private const string WordBreaks = "><=;|&(:";

    private BashLine(List<string> words, string raw, char quote)
    {
        Words = words;
        Raw = raw;
        Quote = quote;
    }

    /// <summary>The words after the program's name, without quotes and backslashes; the last may be empty.</summary>
    public IReadOnlyList<string> Words { get; }

    // The last word as it was typed, and the quote it is in.
    private string Raw { get; }

    private char Quote { get; }

    public static BashLine Parse(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, start, isWord) = ('\0', 0, false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWord)
                    words.Add(word.ToString());
                word.Clear();
                isWord = false;
                continue;
            }
            if (!isWord)
                start = i;
            isWord = true;
            if (c == '\\' && quote != '\'' && i + 1 < line.Length)
                word.Append(line[++i]);
            else if (c == quote)
                quote = '\0';
            else if (quote == '\0' && c is '"' or '\'')
                quote = quote == '\0' ? c : quote;
            else
                word.Append(c);
        }
        words.Add(word.ToString());
        return new BashLine([.. words.Skip(1)], isWord ? line[start..] : "", quote);
    }

    /// <summary>What bash is to put in the place of what it takes for the current word.</summary>
    public string Reply(string value)
    {
        if (Quote != '\0')
            return value;
        var escaped = Escape(value);
        var kept = 0;
        for (var i = 0; i < Raw.Length; i++)
        {
            if (Raw[i] == '\\')
                i++;
            else if (WordBreaks.Contains(Raw[i]))
                kept = i + 1;
        }
        return escaped.StartsWith(Raw[..kept], StringComparison.Ordinal) ? escaped[kept..] : escaped;
    }

    private static string Escape(string value)
    {
        var escaped = new StringBuilder();
        foreach (var c in value)
        {
            if (!char.IsLetterOrDigit(c) && !"_./:@%+=,-[]".Contains(c))
                escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }
}
