using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Levada.Cli.Logging;
using Levada.Logs;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The log's file: rotated, opened anew, and never in the broker's way. Levels by category.</summary>
public sealed class LogFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryStream _console = new();
    private readonly BrokerOptions _options;

    public LogFileTests() => _options = new BrokerOptions { LogDir = _folder.Path, LogFile = "levada.log" };

    private string FilePath => Path.Combine(_folder.Path, "levada.log");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void File_is_rotated_by_size_and_so_many_archives_are_kept(bool compress)
    {
        _options.LogRotationSize = 200;
        _options.LogRotationCount = 2;
        _options.LogRotationCompress = compress;
        using (var log = Open())
        {
            // Each of these is written when the call returns.
            for (var i = 0; i < 5; i++)
                log.CreateLogger("Levada.A").LogCritical("{Number} {Text}", i, new string('x', 150));
        }
        var ending = compress ? ".gz" : "";
        Assert.Equal(
            ["levada.log", $"levada.log.0{ending}", $"levada.log.1{ending}"],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains(" a 4 x", File.ReadAllText(FilePath), StringComparison.Ordinal);
        Assert.Contains(" a 3 x", Read($"{FilePath}.0{ending}"), StringComparison.Ordinal);
        Assert.Contains(" a 2 x", Read($"{FilePath}.1{ending}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Request_rotates_and_a_moved_file_is_made_anew()
    {
        using var log = Open();
        var logger = log.CreateLogger("Levada.A");
        logger.LogCritical("one");
        log.Log.Rotate!();
        logger.LogCritical("two");
        Assert.EndsWith("one\n", File.ReadAllText(FilePath + ".0"), StringComparison.Ordinal);
        File.Move(FilePath, FilePath + ".moved");
        log.Log.Reopen!();
        logger.LogCritical("three");
        Assert.EndsWith("two\n", File.ReadAllText(FilePath + ".moved"), StringComparison.Ordinal);
        Assert.EndsWith("three\n", File.ReadAllText(FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_cannot_be_written_costs_lines_which_are_counted_and_told()
    {
        using var log = Open();
        var logger = log.CreateLogger("Levada.A");
        logger.LogCritical("one");
        File.Delete(FilePath);
        Directory.CreateDirectory(FilePath);
        log.Log.Reopen!();
        logger.LogCritical("two");
        logger.LogCritical("three");
        Assert.Contains(("file", 2L), log.Log.Dropped());
        Directory.Delete(FilePath);
        logger.LogCritical("four");
        var lines = File.ReadAllLines(FilePath);
        Assert.Equal("levada: 2 log lines could not be written", lines[0]);
        Assert.EndsWith("four", lines[1], StringComparison.Ordinal);
        log.Dispose();
        Assert.Contains(
            $"levada: cannot write the log file {FilePath}", Encoding.UTF8.GetString(_console.ToArray()),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$D0", "2026-11-22T00:00")]
    [InlineData("$D23", "2026-11-21T23:00")]
    [InlineData("$D10", "2026-11-22T10:00")]
    [InlineData("$H30", "2026-11-21T20:30")]
    [InlineData("$H5", "2026-11-21T21:05")]
    [InlineData("$W0D4", "2026-11-22T04:00")]
    [InlineData("$W6", "2026-11-28T00:00")]
    public void Dates_of_rotation_are_RabbitMQs(string text, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected + "Z", System.Globalization.CultureInfo.InvariantCulture),
        RotationDate.Parse(text)!.After(new DateTimeOffset(2026, 11, 21, 20, 11, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("D0")]
    [InlineData("$D24")]
    [InlineData("$H60")]
    [InlineData("$W7")]
    [InlineData("$D0D0")]
    public void Others_are_none(string text) => Assert.Null(RotationDate.Parse(text));

    [Fact]
    public void Category_has_a_level_of_its_own_and_outputs_have_theirs()
    {
        _options.LogLevel = LogLevel.Warning;
        _options.LogFileLevel = LogLevel.Error;
        _options.LogCategoryLevels["channel"] = LogLevel.Debug;
        using (var log = Open())
        {
            log.CreateLogger("Levada.Amqp.Channel").LogDebug("c-debug");
            log.CreateLogger("Levada.Amqp.Connection").LogInformation("n-info");
            log.CreateLogger("Levada.Amqp.Connection").LogWarning("n-warning");
            log.CreateLogger("Levada.Amqp.Connection").LogError("n-error");
        }
        Assert.Equal(["c-debug", "n-error"], File.ReadAllLines(FilePath).Select(static l => l.Split(' ')[^1]));
        Assert.Equal(
            ["c-debug", "n-warning", "n-error"],
            Encoding.UTF8.GetString(_console.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static l => l.Split(' ')[^1]));
    }

    [Fact]
    public void Levels_change_while_loggers_live()
    {
        using var log = Open();
        var logger = log.CreateLogger("Levada.Amqp.Connection");
        Assert.False(logger.IsEnabled(LogLevel.Debug));
        _options.LogCategoryLevels = new Dictionary<string, LogLevel> { ["connection"] = LogLevel.Debug };
        log.Log.Levels.Refresh();
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Assert.False(log.CreateLogger("Levada.Amqp.Channel").IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public void Line_of_JSON_has_RabbitMQs_keys()
    {
        _options.LogFileJson = true;
        using (var log = Open())
            log.CreateLogger("Levada.Amqp.Channel").LogWarning("say \"{Word}\"", "a\nb");
        var line = JsonElement.Parse(Assert.Single(File.ReadAllLines(FilePath)));
        Assert.Equal("warning", line.GetProperty("level").GetString());
        Assert.Equal("rabbitmq.channel", line.GetProperty("domain").GetString());
        Assert.Equal(@"say ""a\x0ab""", line.GetProperty("msg").GetString());
        Assert.True(line.GetProperty("time").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public void Last_lines_are_remembered_within_their_bound_and_a_slow_watcher_misses_some()
    {
        _options.LogHistoryBytes = 10_000;
        using var log = Open();
        using var slow = log.Log.Listen();
        var logger = log.CreateLogger("Levada.A");
        for (var i = 0; i < LogListener.BehindMax + 7; i++)
            logger.LogInformation("{Number}", i);
        Assert.InRange(log.Log.Recent.Count, 50, 99);
        Assert.Equal($"{LogListener.BehindMax + 6}", log.Log.Recent[^1].Text);
        Assert.Equal("0", slow.TryRead()!.Text);
        Assert.Equal(7, slow.TakeMissed());
    }

    private static string Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream text = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var reader = new StreamReader(text);
        return reader.ReadToEnd();
    }

    private ConsoleLoggerFactory Open() => ServerLog.Open(_options, _console, TimeProvider.System);
}
