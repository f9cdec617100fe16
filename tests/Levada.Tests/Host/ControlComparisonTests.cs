using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Levada.Tests.Tidy;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>
/// The command line against what RabbitMQ's own tools answered on the same topology: tests/rabbitmqctl/record.py wrote
/// it down. Exit code, first lines, header, columns and rows must be the same, or the line must stand in
/// differences.txt with the reason; one that stands there must differ.
/// </summary>
public sealed partial class ControlComparisonTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static string Kept => Path.Combine(SourceTree.Root, "tests", "rabbitmqctl");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("expected.json")]
    [InlineData("expected-more.json")]
    public async Task Answers_are_rabbitmqctls(string file)
    {
        var known = Differences();
        var wrong = new List<string>();
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_folder.Path, "data"));
        using var topology = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3", [Path.Combine(Kept, "topology.py"), $"{broker.Amqp.Port}"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("READY", await topology.StandardOutput.ReadLineAsync(Token));
        foreach (var expected in JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(Kept, file), Token))
            .EnumerateArray())
        {
            var command = expected.GetProperty("command").GetString()!;
            var (code, output) = await RunAsync(broker, command);
            var fault = Compare(
                expected.GetProperty("exit").GetInt32(), expected.GetProperty("output").GetString()!, code, output);
            var isKnown = known.TryGetValue(command, out var why);
            if (fault is null == isKnown && why?.StartsWith("sometimes", StringComparison.Ordinal) != true)
                wrong.Add($"{command}\n    {fault ?? "no longer differs"}");
        }
        topology.StandardInput.Close();
        await topology.WaitForExitAsync(Token);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static Dictionary<string, string> Differences() => File.ReadLines(Path.Combine(Kept, "differences.txt"))
        .Where(static line => line.Length > 0 && !line.StartsWith('#')).Select(static line => line.Split(" | ", 2))
        .ToDictionary(static parts => parts[0], static parts => parts[1]);

    private static string? Compare(int expectedCode, string expected, int code, string output)
    {
        if (code != expectedCode)
            return $"exit code {code}, not {expectedCode}: {Mask(output).Split('\n')[^1]}";
        var (theirs, ours) = (Lines(expected), Lines(output));
        if (theirs.FirstOrDefault("").EndsWith("...", StringComparison.Ordinal) && theirs[0] != ours.FirstOrDefault())
            return $"first line '{ours.FirstOrDefault()}', not '{theirs[0]}'";
        // The order of rows is nobody's promise.
        var lacking = theirs.Except(ours).ToList();
        var added = ours.Except(theirs).ToList();
        return lacking.Count + added.Count == 0 ? null
            : $"lacks '{string.Join("', '", lacking)}', has '{string.Join("', '", added)}'";
    }

    private static string[] Lines(string text) =>
        [.. Mask(text).Split('\n').Select(static line => line.TrimStart(',').Trim()).Where(static l => l.Length > 0)];

    // By the rules of record.py, and the two products by one name.
    private static string Mask(string text)
    {
        // Levada makes tabs in names visible, which would be columns else.
        text = Node().Replace(text.Replace("\\t", "\t", StringComparison.Ordinal), "NODE");
        text = Name().Replace(text, "PID");
        text = Port().Replace(text, "PORT");
        return Product().Replace(text, "PRODUCT");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(BrokerProcess broker, string command)
    {
        var words = Word().Matches(ProgramName().Replace(command, ""))
            .Select(static m => m.Value is ['"', .. var inner, '"'] ? inner : m.Value);
        var start = new ProcessStartInfo(BrokerProcess.Executable, words)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["LEVADA_API_URI"] = $"http://guest:guest@{broker.Http}" },
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(Token);
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        await error;
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"levada@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")]
    private static partial Regex Node();

    [GeneratedRegex(@"127\.0\.0\.1:\d+ -> 127\.0\.0\.1:\d+( \(\d+\))?|#PIDPID|<\S*\.\d+(\.\d+)*>")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b\d{5}\b(?=\s|$|,|""|})")]
    private static partial Regex Port();

    [GeneratedRegex("rabbitmqctl|RabbitMQ|levada|Levada")]
    private static partial Regex Product();

    [GeneratedRegex("^rabbitmq-[a-z]+: ")]
    private static partial Regex ProgramName();

    [GeneratedRegex("""
        "[^"{}:]*"|\S+
        """)]
    private static partial Regex Word();
}
