using System.Globalization;
using Spectre.Console;

namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// The rates of each second: a line each where output is a file or a pipe, a table that stays in place on a terminal.
/// Owned by the main thread.
/// </summary>
internal sealed class RateReport
{
    private const int RowsShown = 15;

    private readonly ThroughputRun _run;
    private readonly TextWriter? _lines;
    private readonly Table? _table;
    private LiveDisplayContext? _display;
    private LatencyHistogram _latency = new();
    private long _published;
    private long _consumed;
    private long _at;
    private int _seconds;

    private RateReport(ThroughputRun run, TextWriter? lines, Table? table)
    {
        _run = run;
        _lines = lines;
        _table = table;
        _at = MonotonicClock.Now;
    }

    public static RateReport Create(ThroughputRun run)
    {
        var options = run.Options;
        if (options.Quiet) return new RateReport(run, null, null);
        // With --json the standard output is for the result alone.
        if (options.Json) return new RateReport(run, Console.Error, null);
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            return new RateReport(run, Console.Out, null);
        }
        var table = new Table { Border = TableBorder.Rounded };
        string[] columns = ["s", "publish/s", "consume/s", "in flight"];
        string[] latencies = options.MeasureLatency ? ["p50 ms", "p95 ms", "p99 ms", "max ms"] : [];
        foreach (var column in columns.Concat(latencies))
        {
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        }
        return new RateReport(run, null, table);
    }

    /// <summary>Shows the table, if there is one, while the work goes on.</summary>
    public void During(Action work)
    {
        if (_table is null)
        {
            work();
            return;
        }
        AnsiConsole.Live(_table).Start(display =>
        {
            _display = display;
            work();
        });
    }

    /// <summary>A second has passed.</summary>
    public void Second()
    {
        var now = MonotonicClock.Now;
        var elapsed = (now - _at) / 1e9;
        long published = _run.Published, consumed = _run.Consumed;
        var publishRate = (long)Math.Round((published - _published) / elapsed);
        var consumeRate = (long)Math.Round((consumed - _consumed) / elapsed);
        LatencyHistogram? latency = null;
        if (_run.Options.MeasureLatency && (_lines ?? (object?)_table) is not null)
        {
            var total = _run.EndToEndLatency();
            latency = total.Since(_latency);
            _latency = total;
        }
        (_at, _published, _consumed) = (now, published, consumed);
        _seconds++;
        if (_lines is not null) WriteLine(publishRate, consumeRate, latency);
        if (_table is not null) AddRow(publishRate, consumeRate, published - consumed, latency);
    }

    private void WriteLine(long publishRate, long consumeRate, LatencyHistogram? latency)
    {
        var line = $"Publish rate: {publishRate} msgs/s Consume rate: {consumeRate} msgs/s";
        if (latency is { Count: > 0 })
        {
            line += " | Latency (ms) min/median/75th/95th/99th: " + string.Join('/', new[]
            {
                latency.Min, latency.Percentile(0.5), latency.Percentile(0.75), latency.Percentile(0.95),
                latency.Percentile(0.99),
            }.Select(Text));
        }
        _lines!.WriteLine(line);
    }

    private void AddRow(long publishRate, long consumeRate, long inFlight, LatencyHistogram? latency)
    {
        var cells = new List<string>
        {
            _seconds.ToString(CultureInfo.InvariantCulture),
            publishRate.ToString("N0", CultureInfo.InvariantCulture),
            consumeRate.ToString("N0", CultureInfo.InvariantCulture),
            _run.Options is { Publishers: > 0, Consumers: > 0 }
                ? inFlight.ToString("N0", CultureInfo.InvariantCulture) : "",
        };
        if (latency is not null)
        {
            cells.AddRange(new[]
            {
                latency.Percentile(0.5), latency.Percentile(0.95), latency.Percentile(0.99), latency.Max,
            }.Select(Text));
        }
        if (_table!.Rows.Count == RowsShown) _table.RemoveRow(0);
        _table.AddRow([.. cells]);
        _display!.Refresh();
    }

    private static string Text(long nanoseconds) =>
        ThroughputSummary.Milliseconds(nanoseconds).ToString(CultureInfo.InvariantCulture);
}
