using System.Globalization;
using System.Text.RegularExpressions;

namespace Levada.Tests.Metrics;

/// <summary>An answer in Prometheus' text format, read strictly enough to tell what a scrape would refuse.</summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, double> _samples = [];

    private Exposition()
    {
    }

    /// <summary>Type by family.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>Value by name with labels, as they are written.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <exception cref="FormatException">A line is wrong, a family comes twice, a sample stands outside of its family.
    /// </exception>
    public static Exposition Parse(string text)
    {
        var read = new Exposition();
        var family = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                family = words[2];
                if (!read._types.TryAdd(family, words[3]))
                    throw new FormatException($"twice: {family}");
            }
            else if (!line.StartsWith('#'))
            {
                read.AddSample(line, family);
            }
        }
        return read;
    }

    public double this[string sample] => _samples[sample];

    private void AddSample(string line, string family)
    {
        if (Sample().Match(line) is not { Success: true } match)
            throw new FormatException($"no sample: {line}");
        var name = match.Groups["name"].Value;
        var isOfHistogram =
            _types[family] == "histogram" && name.StartsWith($"{family}_", StringComparison.Ordinal);
        if (name != family && !isOfHistogram)
            throw new FormatException($"{name} stands under {family}");
        if (!_samples.TryAdd(
            name + match.Groups["labels"].Value,
            double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)))
        {
            throw new FormatException($"twice: {line}");
        }
    }

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"""
        + """(?<labels>\{([a-zA-Z_]\w*="([^"\\\n]|\\[\\"n])*",?)+\})? (?<value>\S+)$""")]
    private static partial Regex Sample();
}
