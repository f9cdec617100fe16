namespace Levada.Cli.Shell;

/// <summary>Descriptions cut for where there is one line.</summary>
internal static class Sentences
{
    /// <summary>Lines of at most so many characters, broken at blanks.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        while (text.Length > width && text.LastIndexOf(' ', width) is > 0 and var at)
        {
            yield return text[..at];
            text = text[(at + 1)..];
        }
        yield return text;
    }

    /// <summary>The first sentence, without the full stop.</summary>
    public static string First(string? text)
    {
        text ??= "";
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.');
    }
}
