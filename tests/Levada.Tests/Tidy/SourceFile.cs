using System.Text.RegularExpressions;

namespace Levada.Tests.Tidy;

/// <summary>A file: its path from the root, with slashes, and its lines.</summary>
internal sealed partial record SourceFile(string Path, IReadOnlyList<string> Lines)
{
    /// <summary>The lines without comments and strings, so that prose breaks no rule about code.</summary>
    public IReadOnlyList<string> Code { get; } = [.. Lines.Select(l => Prose().Replace(l, ""))];

    /// <summary>The folder below the project: "Amqp" for src/Levada/Amqp/X.cs, "" for src/Levada/Broker.cs.</summary>
    public string Folder => Path.Split('/') is [_, _, var folder, _, ..] ? folder : "";

    public string Project => Path.Split('/')[1];

    /// <summary>"path:line" of each line of code that matches.</summary>
    public IEnumerable<string> Matches(Regex pattern) =>
        Code.Select((line, i) => (line, i)).Where(l => pattern.IsMatch(l.line)).Select(l => $"{Path}:{l.i + 1}");

    [GeneratedRegex("""//.*$|(?<!\\)"(\\.|[^"\\])*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Prose();
}
