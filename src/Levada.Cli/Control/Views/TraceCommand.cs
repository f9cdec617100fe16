using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Levada.Cli.Control.Views;

/// <summary><c>levada trace</c>: follows what a client sends and gets, method by method.</summary>
internal static partial class TraceCommand
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private static readonly Style Wrong = new(Color.Red);

    public static Command Create(ControlOptions common)
    {
        var name = new Argument<string>("CHANNEL")
        {
            Description = "The name of a channel, or of a connection for all its channels.",
        };
        var seconds = new Option<double?>("--seconds")
        {
            Description = "Ends by itself after so long.", HelpName = "N",
        };
        var body = new Option<int?>("--body")
        {
            Description = "Shows so many bytes of bodies as well.", HelpName = "BYTES",
        };
        var command = new Command("trace", "Follows what a client sends and gets, method by method; Ctrl+C ends it.")
        {
            name, seconds, body,
        };
        common.AddTo(command);
        command.SetAction((result, _) => ControlCommands.GuardAsync(async () =>
        {
            using var session = common.Open(result);
            var order = new JsonObject();
            if (result.GetValue(seconds) is { } time)
                order["seconds"] = time;
            if (result.GetValue(body) is { } bytes)
                order["body_bytes"] = bytes;
            await FollowAsync(session, result.GetRequiredValue(name), order);
            return ControlExit.Done;
        }));
        return command;
    }

    private static async Task FollowAsync(ControlSession session, string name, JsonObject order)
    {
        var path = BrokerApi.Path(ChannelName().IsMatch(name) ? "channels" : "connections", name, "trace");
        using var end = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        await session.Api.SendAsync(HttpMethod.Put, path, order);
        try
        {
            session.Say($"Tracing {name} ...");
            for (long last = 0; ;)
            {
                var answer = await session.Api.GetAsync($"{path}?since={last}");
                foreach (var entry in answer.GetProperty("entries").EnumerateArray())
                    Show(session.Format, entry);
                var isOver = answer.GetProperty("state").GetString() == "ended" || end.IsCancellationRequested;
                var newest = answer.GetProperty("last").GetInt64();
                if (isOver && newest <= last)
                    return;
                last = Math.Max(last, newest);
                if (!isOver)
                    await Task.Delay(Between, end.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
        finally
        {
            // The first one stops it, the second one forgets it.
            await EndAsync(session.Api, path);
            await EndAsync(session.Api, path);
        }

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            end.Cancel();
        }
    }

    private static async Task EndAsync(BrokerApi api, string path)
    {
        try
        {
            await api.SendAsync(HttpMethod.Delete, path);
        }
        catch (ControlException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            // It has gone by itself, as traces do.
        }
    }

    private static void Show(OutputFormat format, JsonElement entry)
    {
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(entry.GetRawText());
            return;
        }
        var text = TableText.OneLine(entry.GetProperty("text").GetString()!);
        if (entry.TryGetProperty("payload", out var payload) && payload.ValueKind == JsonValueKind.String)
            text += $"  {TableText.OneLine(payload.GetString()!)}";
        if (Console.IsOutputRedirected)
            Console.Out.WriteLine(text);
        else
            AnsiConsole.Write(new Text(text + "\n", entry.TryGetProperty("error", out _) ? Wrong : Style.Plain));
    }

    // A channel's name ends with its number.
    [GeneratedRegex(@" \(\d+\)$")]
    private static partial Regex ChannelName();
}
