using System.Diagnostics.Metrics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using Levada.Management.Metrics;
using Levada.Metrics;

namespace Levada.Management.Otlp;

/// <summary>
/// The figures of /metrics as instruments, under the same names. The exporter asks each instrument; all of them read
/// one look at the node. Histograms are recorded as they are counted, since an instrument cannot take counted ones.
/// </summary>
internal sealed partial class OtlpMetrics : IDisposable
{
    public const string MeterName = "Levada";

    // The instruments are asked one right after the other.
    private static readonly TimeSpan LookIsGoodFor = TimeSpan.FromSeconds(1);

    private readonly Meter _meter = new(MeterName, Broker.Version);
    private readonly MetricsEndpoint _figures;
    private readonly PathTimings _timings;
    private readonly Lock _looking = new();
    private Dictionary<string, List<Measurement<double>>> _look = [];
    private long _lookedAt;

    public OtlpMetrics(Broker broker, BrokerOptions options)
    {
        _figures = new MetricsEndpoint(broker, options);
        _timings = broker.Timings;
        foreach (var (name, type, help) in Look())
        {
            if (type == "counter")
                _meter.CreateObservableCounter(name, () => Read(name), unit: null, help);
            else if (type == "gauge")
                _meter.CreateObservableGauge(name, () => Read(name), unit: null, help);
        }
        Record(_timings.Confirm, "levada_confirm_seconds", "s", 1e-6);
        Record(_timings.InQueue, "levada_queue_time_seconds", "s", 1e-6);
        Record(_timings.Sync, "levada_journal_sync_seconds", "s", 1e-6);
        Record(_timings.SyncBytes, "levada_journal_group_bytes", "By", 1);
    }

    public void Dispose()
    {
        foreach (var histogram in (Histogram[])[_timings.Confirm, _timings.InQueue, _timings.Sync, _timings.SyncBytes])
            histogram.Observed = null;
        _meter.Dispose();
    }

    private void Record(Histogram histogram, string name, string unit, double one)
    {
        var instrument = _meter.CreateHistogram(
            name, unit, description: null, tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. histogram.Bounds.Select(b => b * one)] });
        histogram.Observed = value => instrument.Record(value * one);
    }

    private List<Measurement<double>> Read(string name)
    {
        lock (_looking)
        {
            if (TimeProvider.System.GetElapsedTime(_lookedAt) > LookIsGoodFor)
                Look();
            return _look.GetValueOrDefault(name) ?? [];
        }
    }

    // On the exporter's own thread, which may wait for the shards.
    private List<(string Name, string Type, string Help)> Look()
    {
        using var bytes = new MemoryStream();
        var output = PipeWriter.Create(bytes, new StreamPipeWriterOptions(leaveOpen: true));
        var text = new MetricsText(output);
        _figures.WriteAggregatedAsync(text, MetricsRequest.Everything).GetAwaiter().GetResult();
        output.Complete();
        var families = new List<(string, string, string)>();
        _look = [];
        var (name, type, help) = ("", "", "");
        foreach (var line in Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                help = line[(line.IndexOf(' ', 7) + 1)..];
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                (name, type) = (line.Split(' ')[2], line.Split(' ')[3]);
                families.Add((name, type, help));
            }
            else if (line.Length > 0 && line[0] != '#' && type != "histogram")
                Add(name, line);
        }
        _lookedAt = TimeProvider.System.GetTimestamp();
        return families;
    }

    private void Add(string name, string line)
    {
        var labels = Label().Matches(line).Select(static m => KeyValuePair.Create<string, object?>(
            m.Groups[1].Value, m.Groups[2].Value.Replace("\\\"", "\"").Replace(@"\n", "\n").Replace(@"\\", @"\")));
        var value = double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
        if (!_look.TryGetValue(name, out var samples))
            _look.Add(name, samples = []);
        samples.Add(new Measurement<double>(value, labels));
    }

    [GeneratedRegex("""([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"[,}]""")]
    private static partial Regex Label();
}
