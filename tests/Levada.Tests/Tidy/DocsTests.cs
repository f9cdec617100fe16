using System.Text.RegularExpressions;
using Levada.Configuration;
using Xunit;

namespace Levada.Tests.Tidy;

/// <summary>What the documents say about files and keys is true.</summary>
public sealed partial class DocsTests
{
    /// <summary>Documents and the files that they may name.</summary>
    public static TheoryData<string> Documents =>
        [.. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs"), "*.md")
            .Concat(Directory.EnumerateFiles(SourceTree.Root, "*.md"))
            .Select(f => Path.GetRelativePath(SourceTree.Root, f))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Paths_and_links_lead_somewhere(string document)
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, document));
        var folder = Path.GetDirectoryName(document)!;
        var named = RootedPath().Matches(text).Select(m => m.Value.TrimEnd('.', '/'))
            .Concat(PathFolder().Matches(text).Select(m => "src/Levada/" + m.Value.TrimEnd('.', '/')))
            .Concat(Link().Matches(text).Select(m => Path.Combine(folder, m.Groups[1].Value)));
        Findings.AssertNone(named.Distinct()
            .Where(p => !p.Contains("/bin/", StringComparison.Ordinal)) // what a build leaves, not on every machine
            .Where(p => !SourceTree.Exists(p) && !SourceTree.Exists(p + ".cs")));
    }

    [Fact]
    public void Every_key_is_described_and_every_key_described_exists()
    {
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/configuration.md"));
        var rows = page[page.IndexOf("## Keys", StringComparison.Ordinal)..].Split('\n')
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => string.Join(' ', Code().Matches(l.Split('|')[1]).Select(m => m.Groups[1].Value))
                + (l.EndsWith(" (*live*) |", StringComparison.Ordinal) ? " live" : ""));
        Assert.Equal(
            ConfigurationKeys.All.Select(k => string.Join(' ', k.Names) + (k.IsLive ? " live" : "")), rows);
    }

    [GeneratedRegex(@"(?<![\w/.-])(src|tests|bench|docs|scripts|packaging)/[\w./-]*\w")]
    private static partial Regex RootedPath();

    [GeneratedRegex(
        @"(?<![\w/.-])(Amqp|Exchanges|Journal|Queues|Storage|Auth|Catalog|Policies|Metrics|Platform)/\w[\w.]*")]
    private static partial Regex PathFolder();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
