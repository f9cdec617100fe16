using System.Text.RegularExpressions;
using Xunit;

namespace Levada.Tests.Tidy;

/// <summary>Who may use whom: the house's storeys, as docs/architecture.md draws them.</summary>
public sealed partial class LayerTests
{
    /// <summary>For each folder of the broker those whose types it may name; besides its own and Protocol.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Platform"] = [],
        ["Accounting"] = [],
        ["Counting"] = ["Accounting", "Exchanges", "Queues"],
        ["Configuration"] = ["Auth", "Exchanges", "Queues", "Platform", "Logs"],
        ["Logs"] = [],
        ["Telemetry"] = [],
        ["Metrics"] = [],
        ["Policies"] = [],
        ["Queues"] = ["Accounting", "Counting", "Metrics", "Journal", "Storage", "Policies"],
        ["Storage"] = ["Accounting", "Metrics", "Journal", "Queues", "Platform"],
        ["Journal"] = ["Accounting", "Metrics", "Queues", "Storage", "Platform"],
        ["Events"] = ["Exchanges", "Queues", "Journal", "Storage", "Platform"],
        ["Exchanges"] = ["Queues", "Catalog", "Amqp", "Storage", "Policies"],
        ["Auth"] = ["Catalog", "Exchanges", "Amqp", "Platform"],
        ["Catalog"] =
        [
            "Events", "Exchanges", "Queues", "Journal", "Auth", "Amqp", "Platform", "Policies", "Definitions",
        ],
        ["Amqp"] =
        [
            "Accounting", "Counting", "Telemetry", "Exchanges", "Journal", "Queues", "Storage", "Auth", "Catalog",
            "Metrics", "Platform", "Tracing", "Transports", "Events",
        ],
        ["Warnings"] = ["Amqp", "Queues"],
        ["History"] = ["Platform"],
        ["Tracing"] = ["Amqp"],
        ["Operations"] =
        [
            "Accounting", "Amqp", "Counting", "Policies", "Auth", "Catalog", "Configuration", "Definitions",
            "Exchanges", "Journal", "Queues", "Storage", "Platform",
        ],
        ["Definitions"] = ["Amqp", "Auth", "Catalog", "Exchanges", "Policies", "Queues"],
        ["Offline"] = ["Catalog", "Definitions", "Journal", "Platform", "Queues", "Storage"],
        ["Transports"] = ["Amqp", "Auth", "Platform"],
    };

    [Fact]
    public void Folders_of_the_broker_use_only_those_below_them()
    {
        var wrong = new List<string>();
        foreach (var file in SourceTree.Source.Where(f => f.Project == "Levada" && f.Folder.Length > 0))
        {
            Assert.True(Allowed.ContainsKey(file.Folder), $"{file.Folder} is new: say in this test what it may use");
            var used = file.Code.SelectMany(l => OurNamespace().Matches(l).Select(m => m.Groups[1].Value)).Distinct();
            wrong.AddRange(used.Where(u => Allowed.ContainsKey(u) && u != file.Folder)
                .Where(u => !Allowed[file.Folder].Contains(u)).Select(u => $"{file.Path} uses {u}"));
        }

        Findings.AssertNone(wrong);
    }

    [Fact]
    public void Platform_and_Protocol_use_nothing_of_ours()
    {
        AssertAlone(SourceTree.Source.Where(f => f.Project == "Levada" && f.Folder == "Platform"), "Platform");
        AssertAlone(SourceTree.Source.Where(f => f.Project == "Levada.Protocol"), "Protocol");

        static void AssertAlone(IEnumerable<SourceFile> files, string own) => Findings.AssertNone(
            from file in files
            from line in file.Code
            from match in OurNamespace().Matches(line)
            where match.Groups[1].Value != own
            select $"{file.Path}: {line}");
    }

    [Fact]
    public void Queues_do_no_input_or_output() =>
        Findings.AssertNone(SourceTree.Source.Where(f => f.Project == "Levada" && f.Folder == "Queues")
            .SelectMany(f => f.Matches(InputOutput())));

    [Fact]
    public void Only_the_executable_knows_the_HTTP_side() =>
        Findings.AssertNone(SourceTree.Source.Where(f => f.Project is not ("Levada.Management" or "Levada.Cli"))
            .SelectMany(f => f.Matches(Management())));

    [GeneratedRegex(@"\bLevada\.(\w+)")]
    private static partial Regex OurNamespace();

    [GeneratedRegex(@"\b(System\.IO|System\.Net|FileStream|RandomAccess|IDisk|IDiskFile|Socket|File\.|Directory\.)\b?")]
    private static partial Regex InputOutput();

    [GeneratedRegex(@"Levada\.Management|AspNetCore")]
    private static partial Regex Management();
}
