using System.Text.RegularExpressions;
using Xunit;

namespace Levada.Tests.Tidy;

/// <summary>Sizes and names: what keeps the source readable in small pieces.</summary>
public sealed partial class ShapeTests
{
    private const int LinesMax = 400;
    private const int ColumnsMax = 120;
    private const int MethodLinesMax = 60;

    [Fact]
    public void Files_are_short() =>
        Findings.AssertNone(SourceTree.All.Where(f => f.Lines.Count > LinesMax)
            .Select(f => $"{f.Path}: {f.Lines.Count} lines"));

    [Fact]
    public void Files_of_the_web_page_are_short() =>
        Findings.AssertNone(Directory
            .EnumerateFiles(Path.Combine(SourceTree.Root, "web", "src"), "*", SearchOption.AllDirectories)
            .Select(static file => (file, File.ReadLines(file).Count()))
            .Where(static one => one.Item2 > LinesMax)
            .Select(static one => $"{Path.GetRelativePath(SourceTree.Root, one.file)}: {one.Item2} lines"));

    [Fact]
    public void Lines_are_short() =>
        Findings.AssertNone(SourceTree.All.SelectMany(f => f.Lines.Select((line, i) => (line, i))
            .Where(l => l.line.Length > ColumnsMax).Select(l => $"{f.Path}:{l.i + 1}: {l.line.Length} columns")));

    [Fact]
    public void Methods_are_short() =>
        Findings.AssertNone(SourceTree.Source.SelectMany(Methods).Where(m => m.Lines > MethodLinesMax)
            .Select(m => $"{m.Place}: {m.Lines} lines"));

    [Fact]
    public void File_declares_the_type_it_is_named_after() =>
        Findings.AssertNone(SourceTree.Source.Where(f => !DeclaresItsName(f)).Select(f => f.Path));

    [Fact]
    public void Names_say_what_a_thing_is() =>
        Findings.AssertNone(SourceTree.Source.Select(f => f.Path).Where(p => EmptyNames().IsMatch(p)));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Findings.AssertNone(SourceTree.All.Where(f => f.Project != "Levada.Tests" || f.Folder != "Tidy")
            .SelectMany(f => f.Lines.Select((line, i) => (line, i)).Where(l => Unfinished().IsMatch(l.line))
                .Select(l => $"{f.Path}:{l.i + 1}")));

    private static bool DeclaresItsName(SourceFile file)
    {
        var name = Path.GetFileName(file.Path).Split('.')[0];
        return name == "Program" || file.Lines.Any(l => Regex.IsMatch(
            l, $@"^(public|internal|file)?\b.*\b(class|struct|interface|enum|record|delegate)\b.*\b{name}\b"));
    }

    /// <summary>Blocks that a formatted file opens and closes at the same column, but for those of types.</summary>
    private static IEnumerable<(string Place, int Lines)> Methods(SourceFile file)
    {
        for (var i = 1; i < file.Lines.Count; i++)
        {
            var indent = file.Lines[i].Length - 1;
            if (indent < 4 || file.Lines[i].TrimStart() != "{" || TypeOrTable().IsMatch(Head(file, i)))
                continue;
            var close = new string(' ', indent) + "}";
            var end = i + 1;
            while (end < file.Lines.Count && !file.Lines[end].StartsWith(close, StringComparison.Ordinal))
                end++;
            yield return ($"{file.Path}:{i}", end - i - 1);
        }
    }

    /// <summary>The lines of a declaration above its brace: up to the end of what stands before.</summary>
    private static string Head(SourceFile file, int brace)
    {
        var first = brace;
        while (first > 0 && !EndsStatement().IsMatch(file.Lines[first - 1]))
            first--;
        return string.Join(' ', file.Lines.Skip(first).Take(brace - first));
    }

    [GeneratedRegex(@"(^\s*$|[;{}]\s*$|^\s*//)")]
    private static partial Regex EndsStatement();

    // A switch expression is a table.
    [GeneratedRegex(@"\b(class|struct|interface|record|enum|namespace)\s+\w+|\bswitch\s*$")]
    private static partial Regex TypeOrTable();

    [GeneratedRegex(@"(Manager|Helper|Helpers|Service|Impl|Util|Utils)\b")]
    private static partial Regex EmptyNames();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();
}
