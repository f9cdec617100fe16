using System.Globalization;
using System.Text;

namespace Levada.Management.Metrics;

/// <summary>Prometheus' text exposition, version 0.0.4: each family once, with its help and type.</summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new(8 << 10);

    public override string ToString() => _text.ToString();

    public void Gauge(string name, string help, double value) => Single(name, "gauge", help, value);

    public void Counter(string name, string help, double value) => Single(name, "counter", help, value);

    /// <summary>A family whose samples follow by <see cref="Sample"/>.</summary>
    public void Family(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    public void Sample(string name, double value, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        _text.Append(name);
        var open = '{';
        foreach (var (label, text) in labels)
        {
            _text.Append(open).Append(label).Append("=\"").Append(Escape(text)).Append('"');
            open = ',';
        }

        if (labels.Length > 0)
            _text.Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private void Single(string name, string type, string help, double value)
    {
        Family(name, type, help);
        Sample(name, value);
    }
}
