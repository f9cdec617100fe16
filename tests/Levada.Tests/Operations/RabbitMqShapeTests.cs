using System.Globalization;
using System.Text.Json;
using Levada.Tests.Clients;
using Levada.Tests.Tidy;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>
/// Answers have the fields of RabbitMQ's, of the same JSON types, and the same status: tests/rabbitmq-shapes.json,
/// which tests/rabbitmq-shapes made by asking one. What is meant to differ stands in
/// tests/rabbitmq-shape-differences.txt.
/// </summary>
public sealed class RabbitMqShapeTests
{
    [Fact]
    public async Task Answers_are_made_of_the_same_as_RabbitMQs()
    {
        await using var api = await OperatorApi.StartAsync();
        var asked = await ClientProcess.Run(
            Prerequisites.Python, Path.Combine(Prerequisites.ClientsFolder, "python", "shapes.py"),
            api.Broker.Port.ToString(CultureInfo.InvariantCulture), api.Port.ToString(CultureInfo.InvariantCulture),
            "1.5");
        using var ours = JsonDocument.Parse(asked);
        using var theirs = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(SourceTree.Root, "tests", "rabbitmq-shapes.json"), TestContext.Current.CancellationToken));
        var found = new List<string>();
        foreach (var request in theirs.RootElement.EnumerateObject())
        {
            if (ours.RootElement.TryGetProperty(request.Name, out var answer))
                Compare(request.Name, "", request.Value, answer, found);
            else
                found.Add($"{request.Name} was not asked: tests/rabbitmq-shapes");
        }
        var meant = Meant();
        var unused = meant.Where(line => !found.Exists(difference => Covers(line, difference)))
            .Select(static line => $"no longer differs: {line}");
        Assert.Empty(
            found.Where(difference => !meant.Exists(line => Covers(line, difference))).Concat(unused).Order());
    }

    private static void Compare(
        string request, string field, JsonElement theirs, JsonElement ours, List<string> found)
    {
        if (theirs.ValueKind == JsonValueKind.Object && ours.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in theirs.EnumerateObject())
            {
                var inner = field.Length == 0 ? property.Name : $"{field}.{property.Name}";
                if (ours.TryGetProperty(property.Name, out var value))
                    Compare(request, inner, property.Value, value, found);
                else
                    found.Add($"{request} {inner} is missing");
            }
        }
        else if (theirs.ValueKind == JsonValueKind.Array && ours.ValueKind == JsonValueKind.Array)
        {
            // What is empty in one of them says nothing; Erlang writes an empty object as an empty list.
            if (theirs.GetArrayLength() == 0 || IsNameOrMethod(theirs))
                Same(theirs.GetArrayLength() == 0 || theirs.GetRawText() == ours.GetRawText());
            else if (ours.GetArrayLength() == 0)
                Same(false);
            else
                Compare(request, $"{field}[]", theirs[0], ours[0], found);
        }
        else
        {
            var isEmptyList = theirs.ValueKind == JsonValueKind.Array && theirs.GetArrayLength() == 0;
            Same(isEmptyList ? ours.ValueKind == JsonValueKind.Object : theirs.GetRawText() == ours.GetRawText());
        }

        void Same(bool isSame)
        {
            if (!isSame)
                found.Add($"{request} {field} is {theirs.GetRawText()}, here {ours.GetRawText()}");
        }

        // The list of methods in Allow, not the shape of a list.
        bool IsNameOrMethod(JsonElement list) => field == "allow" && list.GetArrayLength() > 0;
    }

    // REQUEST FIELD: either may begin or end with *.
    private static bool Covers(string line, string difference)
    {
        var parts = line.Split(' ', 4);
        var words = difference.Split(' ', 4);
        var (request, field) = ($"{parts[0]} {parts[1]}", parts[2]);
        // "GET path field …", "POST path #7 field …".
        var at = words[2].StartsWith('#') ? 3 : 2;
        var rest = difference.Split(' ', at + 2);
        return Like(request, $"{words[0]} {words[1]}") && Like(field, rest[at]);
    }

    private static bool Like(string pattern, string text) => (pattern.StartsWith('*'), pattern.EndsWith('*')) switch
    {
        (true, true) => text.Contains(pattern.Trim('*'), StringComparison.Ordinal),
        (true, false) => text.EndsWith(pattern[1..], StringComparison.Ordinal),
        (false, true) => text.StartsWith(pattern[..^1], StringComparison.Ordinal),
        _ => text == pattern,
    };

    private static List<string> Meant() =>
    [
        .. File.ReadLines(Path.Combine(SourceTree.Root, "tests", "rabbitmq-shape-differences.txt"))
            .Where(static line => line.Length > 0 && !line.StartsWith('#')),
    ];
}
