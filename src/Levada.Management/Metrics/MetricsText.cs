using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Levada.Metrics;

namespace Levada.Management.Metrics;

/// <summary>
/// Prometheus' text exposition, version 0.0.4, or OpenMetrics 1.0: each family once, with its help and type. Written
/// straight to the answer, which is flushed between objects, so that memory does not grow with them.
/// </summary>
internal sealed class MetricsText(PipeWriter output, string prefix = "rabbitmq", bool isOpenMetrics = false)
{
    private const string Rabbit = "rabbitmq_";
    private const string Total = "_total";

    // Flushed above so many bytes.
    private const int FlushFrom = 64 << 10;

    private bool _hasLabels;

    public void Gauge(string name, string help, double value) => Single(name, "gauge", help, value);

    public void Counter(string name, string help, double value) => Single(name, "counter", help, value);

    /// <summary>A family whose samples follow by <see cref="Sample"/>.</summary>
    public void Family(string name, string type, string help)
    {
        // OpenMetrics names a counter without the ending that its samples have.
        var cut = isOpenMetrics && type == "counter" && name.EndsWith(Total, StringComparison.Ordinal)
            ? name[..^Total.Length] : name;
        Append("# HELP ");
        AppendName(cut);
        Append(" ");
        Append(help);
        Append("\n# TYPE ");
        AppendName(cut);
        Append(" ");
        Append(type);
        Append("\n");
    }

    public void Sample(string name, double value, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        Begin(name);
        foreach (var (label, text) in labels)
            Label(label, text);
        End(value);
    }

    /// <summary>Families of one sample each, all with the same labels.</summary>
    public void Write<T>(
        IEnumerable<Figure<T>> figures, string prefix, T of, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        foreach (var figure in figures)
        {
            var name = prefix + figure.Name;
            Family(name, name.EndsWith(Total, StringComparison.Ordinal) ? "counter" : "gauge", figure.Help);
            Sample(name, figure.Of(of), labels);
        }
    }

    /// <summary>A sample whose labels follow; then <see cref="End"/>.</summary>
    public MetricsText Begin(string name)
    {
        AppendName(name);
        _hasLabels = false;
        return this;
    }

    public MetricsText Label(string label, string value)
    {
        AppendLabel(label);
        AppendEscaped(value);
        Append("\"");
        return this;
    }

    /// <summary>A channel's name, made of its connection's and its number.</summary>
    public MetricsText Label(string label, string connection, int channel)
    {
        AppendLabel(label);
        AppendEscaped(connection);
        Append(" (");
        AppendNumber(channel);
        Append(")\"");
        return this;
    }

    public void End(double value)
    {
        if (_hasLabels)
            Append("}");
        Append(" ");
        AppendNumber(value);
        Append("\n");
    }

    /// <param name="name">Without the endings of its samples.</param>
    /// <param name="help">For people.</param>
    /// <param name="histogram">What was counted.</param>
    /// <param name="unit">One of its units in the unit that the name says.</param>
    public void Histogram(string name, string help, Histogram histogram, double unit)
    {
        Family(name, "histogram", help);
        var counts = histogram.Counts();
        var sum = histogram.Sum;
        var upTo = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            upTo += counts[i];
            Begin($"{name}_bucket");
            Label("le", i < histogram.Bounds.Count
                ? (histogram.Bounds[i] * unit).ToString("0.0########", CultureInfo.InvariantCulture) : "+Inf");
            End(upTo);
        }
        Sample($"{name}_sum", sum * unit);
        Sample($"{name}_count", upTo);
    }

    /// <summary>A line for people.</summary>
    public void Comment(string words)
    {
        Append("# ");
        Append(words.ReplaceLineEndings(" "));
        Append("\n");
    }

    /// <summary>Sends what there is if it is much. Not in anybody's turn.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (output.UnflushedBytes > FlushFrom)
            await output.FlushAsync(cancellation);
    }

    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        if (isOpenMetrics)
            Append("# EOF\n");
        await output.FlushAsync(cancellation);
    }

    private void Single(string name, string type, string help, double value)
    {
        Family(name, type, help);
        Sample(name, value);
    }

    private void AppendLabel(string label)
    {
        Append(_hasLabels ? "," : "{");
        Append(label);
        Append("=\"");
        _hasLabels = true;
    }

    private void AppendName(string name)
    {
        if (name.StartsWith(Rabbit, StringComparison.Ordinal) && prefix != "rabbitmq")
        {
            Append(prefix);
            name = name[(Rabbit.Length - 1)..];
        }
        Append(name);
    }

    private void AppendEscaped(string value)
    {
        var from = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is not ('\\' or '"' or '\n'))
                continue;
            Append(value.AsSpan(from, i - from));
            Append(value[i] == '\n' ? @"\n" : value[i] == '"' ? "\\\"" : @"\\");
            from = i + 1;
        }
        Append(value.AsSpan(from));
    }

    private void AppendNumber(double value)
    {
        // "R" would write large whole numbers with an exponent.
        value.TryFormat(
            output.GetSpan(64), out var written, Math.Abs(value) < 1e15 && value == Math.Floor(value) ? "F0" : "R",
            CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void Append(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);
}
