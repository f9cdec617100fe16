using System.Text;
using Levada.Cli.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>One line an event, whatever the text; nobody waits for a reader who does not read.</summary>
public sealed class LogTests
{
    [Fact]
    public void Event_is_one_line_with_time_level_and_origin()
    {
        var lines = Lines(f => f.CreateLogger("Levada.Amqp.Connection").LogInformation("hello {Name}", "x"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INF connection hello x$", Assert.Single(lines));
    }

    [Fact]
    public void Text_of_a_client_cannot_begin_a_line_of_its_own()
    {
        var lines = Lines(f => f.CreateLogger("Levada.A").LogWarning("name {Name}", "a\r\nb\u2028c\u001b[31m"));
        Assert.EndsWith(@" WRN a name a\x0d\x0ab\x2028c\x1b[31m", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Exception_with_its_causes_is_on_the_same_line()
    {
        var e = new InvalidOperationException("outer", new IOException("inner\nsecond"));
        var line = Assert.Single(Lines(f => f.CreateLogger("Levada.A").LogError(e, "failed")));
        Assert.Contains("failed | InvalidOperationException: outer", line, StringComparison.Ordinal);
        Assert.EndsWith(@" | IOException: inner\x0asecond", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Level_bounds_our_events_and_the_web_server_counts_from_warning_on()
    {
        var lines = Lines(f =>
        {
            f.CreateLogger("Levada.A").LogDebug("no");
            f.CreateLogger("Levada.A").LogInformation("ours");
            f.CreateLogger("Microsoft.AspNetCore.Server.Kestrel").LogInformation("no");
            f.CreateLogger("Microsoft.AspNetCore.Server.Kestrel").LogWarning("theirs");
        });
        Assert.Collection(lines,
            l => Assert.EndsWith("INF a ours", l, StringComparison.Ordinal),
            l => Assert.EndsWith("WRN kestrel theirs", l, StringComparison.Ordinal));
    }

    [Fact]
    public void Critical_event_is_written_when_the_call_returns()
    {
        var output = new MemoryStream();
        using var factory = new ConsoleLoggerFactory(LogLevel.Information, output, TimeProvider.System);
        factory.CreateLogger("Levada.A").LogCritical("the end");
        Assert.EndsWith("the end\n", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Stuck_reader_costs_lines_not_time_and_the_loss_is_told()
    {
        var output = new GatedStream();
        var factory = new ConsoleLoggerFactory(LogLevel.Information, output, TimeProvider.System);
        var logger = factory.CreateLogger("Levada.A");
        var kilobyte = new string('x', 1000);
        for (var i = 0; i < 3000; i++)
            logger.LogInformation("{Number} {Text}", i, kilobyte);
        output.Open();
        factory.Dispose();
        var lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 900, 2200);
        Assert.Matches(@"^levada: \d+ log lines dropped", lines[^1]);
    }

    private static string[] Lines(Action<ILoggerFactory> log)
    {
        var output = new MemoryStream();
        using (var factory = new ConsoleLoggerFactory(LogLevel.Information, output, TimeProvider.System))
            log(factory);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A pipe whose reader waits until the gate opens.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly ManualResetEventSlim _gate = new();

        public string Text => Encoding.UTF8.GetString(ToArray());

        public void Open() => _gate.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _gate.Wait();
            var bytes = buffer.ToArray();
            Write(bytes, 0, bytes.Length);
        }
    }
}
