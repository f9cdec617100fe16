using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Levada.Cli.Control;

/// <summary>The broker's log or its events as they come, from its server-sent events.</summary>
internal static class BrokerStream
{
    private const string Event = "event:";
    private const string Data = "data:";

    /// <summary>Lines of the log.</summary>
    public static Task FollowLogAsync(ActionInput i) =>
        FollowAsync(i, "/api/livelog", static (_, data) => LineIn(data));

    /// <summary>What comes and goes: one JSON object a line, with the key of the event in it.</summary>
    public static Task FollowEventsAsync(ActionInput i)
    {
        var pattern = PatternOf(i.Option("--pattern"));
        return FollowAsync(i, "/api/events", (key, data) => pattern?.IsMatch(key) == false ? null : EventIn(key, data));
    }

    // Each with what became of its name; null is not shown.
    private static async Task FollowAsync(ActionInput i, string path, Func<string, string, string?> shown)
    {
        using var end = new CancellationTokenSource();
        if (i.Option("--duration") is { } text)
        {
            if (!double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) || seconds <= 0)
                throw new ControlException(ControlExit.Usage, $"--duration {text} is no number of seconds");
            end.CancelAfter(TimeSpan.FromSeconds(seconds));
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            end.Cancel();
        });
        try
        {
            using var reply = await i.Api.OpenAsync(path, end.Token);
            await using var stream = await reply.Content.ReadAsStreamAsync(end.Token);
            using var lines = new StreamReader(stream);
            var key = "";
            while (await lines.ReadLineAsync(end.Token) is { } line)
            {
                if (line.StartsWith(Event, StringComparison.Ordinal))
                    key = line[Event.Length..].Trim();
                else if (line.StartsWith(Data, StringComparison.Ordinal)
                    && shown(key, line[Data.Length..].Trim()) is { } shownLine)
                    Console.Out.WriteLine(shownLine);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private static string LineIn(string data)
    {
        var line = JsonElement.Parse(data);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(line.GetProperty("timestamp").GetInt64());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} [{line.GetProperty("severity")}] {line.GetProperty("source")}: "
            + $"{line.GetProperty("message")}");
    }

    private static string EventIn(string key, string data)
    {
        var happened = new JsonObject { ["event"] = key };
        if (JsonNode.Parse(data) is JsonObject headers)
        {
            foreach (var (name, value) in headers)
                happened[name] = value?.DeepClone();
        }
        return ControlSession.Relaxed(happened);
    }

    private static Regex? PatternOf(string? text)
    {
        try
        {
            return text is null ? null : new Regex(text, RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ControlException(ControlExit.Usage, $"--pattern {text} is no regular expression: {e.Message}");
        }
    }
}
