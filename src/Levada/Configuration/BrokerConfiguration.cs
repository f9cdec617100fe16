namespace Levada.Configuration;

/// <summary>
/// Brings settings into <see cref="BrokerOptions"/>; an unknown name is refused with the nearest known one.
/// </summary>
public static class BrokerConfiguration
{
    /// <summary>Applies one source. Later sources win over earlier ones, key by key.</summary>
    /// <exception cref="ConfigurationException">Names are unknown or values unusable: all that are.</exception>
    public static void Apply(BrokerOptions options, IEnumerable<Setting> source) =>
        Apply(options, source, new Dictionary<string, Setting>(), []);

    /// <summary>The same, and says what came from where.</summary>
    /// <param name="options">Changed.</param>
    /// <param name="source">In the order in which they stand.</param>
    /// <param name="from">By a key's first name the setting that its value comes from; added to.</param>
    /// <param name="warnings">Settings that mean nothing here; added to.</param>
    /// <exception cref="ConfigurationException">Names are unknown or values unusable: all that are.</exception>
    internal static void Apply(
        BrokerOptions options, IEnumerable<Setting> source, IDictionary<string, Setting> from,
        ICollection<string> warnings)
    {
        var problems = new List<string>();
        var byKey = new Dictionary<ConfigurationKey, List<Setting>>(ReferenceEqualityComparer.Instance);
        foreach (var setting in source)
        {
            if (ConfigurationKeys.Find(setting.Name, out var item) is { } key)
            {
                if (!byKey.TryGetValue(key, out var settings))
                    byKey.Add(key, settings = []);
                settings.Add(setting with { Item = item });
            }
            else if (ForeignKeys.Explain(setting.Name) is { } why)
            {
                warnings.Add($"{setting.Place}: '{setting.Name}' has no effect: {why}");
            }
            else
            {
                problems.Add($"{setting.Place}: there is no key '{setting.Name}'; {Suggestion(setting.Name)}");
            }
        }

        foreach (var key in ConfigurationKeys.All)
        {
            if (!byKey.TryGetValue(key, out var settings))
                continue;
            try
            {
                key.Apply(options, settings);
                foreach (var name in key.Show is null ? key.Sets : key.Sets.Prepend(key.Name))
                    from[name] = settings[^1];
            }
            catch (ConfigurationException e)
            {
                problems.AddRange(e.Problems);
            }
        }
        if (problems.Count > 0)
            throw new ConfigurationException(problems);
    }

    private static string Suggestion(string name)
    {
        var nearest = ConfigurationKeys.All.SelectMany(k => k.Names).MinBy(n => Distance(n, name))!;
        return Distance(nearest, name) <= Math.Max(2, name.Length / 3)
            ? $"did you mean '{nearest}'?"
            : "docs/configuration.md lists them all";
    }

    /// <summary>Levenshtein distance: insertions, deletions and replacements from one to the other.</summary>
    internal static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                var replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, 1 + Math.Min(above, row[j - 1]));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
