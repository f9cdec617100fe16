using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Levada.Cli.Control;

/// <summary>The broker's log as it comes, from its server-sent events.</summary>
internal static class LogStream
{
    private const string Data = "data:";

    public static async Task FollowAsync(ActionInput i)
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
            using var reply = await i.Api.OpenAsync("/api/livelog", end.Token);
            await using var stream = await reply.Content.ReadAsStreamAsync(end.Token);
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(end.Token) is { } line)
            {
                if (line.StartsWith(Data, StringComparison.Ordinal))
                    Console.Out.WriteLine(LineIn(line[Data.Length..].Trim()));
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private static string LineIn(string data)
    {
        if (!data.StartsWith('{'))
            return data;
        var line = JsonElement.Parse(data);
        return string.Join(' ', line.EnumerateObject().Select(static p => RowWriter.Text(p.Value)));
    }
}
