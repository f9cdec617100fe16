namespace Levada.Configuration;

/// <summary>
/// Brings settings into <see cref="BrokerOptions"/>; an unknown name is refused with the nearest known one.
/// </summary>
public static class BrokerConfiguration
{
    /// <summary>Applies one source. Later sources win over earlier ones, key by key.</summary>
    /// <exception cref="ConfigurationException">A name is unknown or a value unusable.</exception>
    public static void Apply(BrokerOptions options, IEnumerable<Setting> source)
    {
        var byKey = new Dictionary<ConfigurationKey, List<Setting>>(ReferenceEqualityComparer.Instance);
        foreach (var setting in source)
        {
            var (key, item) = Find(setting);
            if (!byKey.TryGetValue(key, out var settings))
                byKey.Add(key, settings = []);
            settings.Add(setting with { Item = item });
        }

        foreach (var key in ConfigurationKeys.All)
        {
            if (byKey.TryGetValue(key, out var settings))
                key.Apply(options, settings);
        }
    }

    private static (ConfigurationKey Key, string Item) Find(Setting setting)
    {
        foreach (var key in ConfigurationKeys.All)
        {
            if (key.Matches(setting.Name, out var item))
                return (key, item);
        }

        throw new ConfigurationException(
            $"{setting.Place}: there is no key '{setting.Name}'; {Suggestion(setting.Name)}");
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
