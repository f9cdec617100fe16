using System.Collections;

namespace Levada.Configuration;

/// <summary>
/// LEVADA_* variables as settings: a key's name in capitals with _ for the dots (LEVADA_FRAME_MAX,
/// LEVADA_LISTENERS_TCP_DEFAULT).
/// </summary>
public static class EnvironmentSettings
{
    /// <summary>Names the configuration file; not a key.</summary>
    public const string ConfigVariable = Prefix + "CONFIG";

    private const string Prefix = "LEVADA_";

    /// <summary>
    /// What the variables say. Those that fit no key are only reported: a container's host sets variables like
    /// LEVADA_PORT for its own reasons.
    /// </summary>
    public static IReadOnlyList<Setting> Read(IDictionary variables, ICollection<string> unknown)
    {
        var settings = new List<Setting>();
        foreach (var variable in variables.Keys.Cast<string>().Order(StringComparer.Ordinal))
        {
            if (!variable.StartsWith(Prefix, StringComparison.Ordinal) || variable == ConfigVariable)
                continue;
            var name = NameOf(variable[Prefix.Length..]);
            if (name is null)
                unknown.Add(variable);
            else
                settings.Add(new Setting(variable, name, (string?)variables[variable] ?? ""));
        }

        return settings;
    }

    private static string? NameOf(string suffix)
    {
        foreach (var name in ConfigurationKeys.All.SelectMany(k => k.Names))
        {
            var variable = name.TrimEnd('*').Replace('.', '_').ToUpperInvariant();
            if (variable == suffix || variable == suffix + "_")
                return name.TrimEnd('*').TrimEnd('.');
            if (name.EndsWith('*') && suffix.StartsWith(variable, StringComparison.Ordinal))
                return name.TrimEnd('*') + suffix[variable.Length..].ToLowerInvariant();
        }

        return null;
    }
}
