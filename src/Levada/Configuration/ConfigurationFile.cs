namespace Levada.Configuration;

/// <summary>
/// Reads a configuration file into settings: RabbitMQ's "key = value" lines, LavinMQ's sections ("[amqp]", then
/// "port = 5672", which is amqp.port), or both in one. Comments begin with # or ;.
/// </summary>
public static class ConfigurationFile
{
    /// <exception cref="ConfigurationException">The file cannot be read, or a line is none of these.</exception>
    public static IReadOnlyList<Setting> Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"cannot read the configuration file {path}: {e.Message}", e);
        }
    }

    public static IReadOnlyList<Setting> Parse(string text, string path)
    {
        var settings = new List<Setting>();
        var section = "";
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] is '#' or ';')
                continue;
            var place = $"{path}:{number}";
            if (line[0] == '[')
            {
                section = Section(line, place);
                continue;
            }

            var equals = line.IndexOf('=');
            if (equals <= 0)
                throw new ConfigurationException($"{place}: expected 'key = value' or '[section]', found '{line}'");
            // Keys are lower case in both brokers; a user's name in loopback_users.NAME keeps its case.
            var key = line[..equals].TrimEnd().ToString();
            settings.Add(new Setting(
                place, section.Length == 0 ? key : $"{section}.{key}", Value(line[(equals + 1)..].Trim(), place)));
        }

        return settings;
    }

    private static string Section(ReadOnlySpan<char> line, string place)
    {
        var end = line.IndexOf(']');
        if (end < 2)
            throw new ConfigurationException($"{place}: a section looks like [amqp], found '{line}'");
        var name = line[1..end].Trim().ToString();
        // LavinMQ's way to write a section about one name.
        return name.StartsWith("sni:", StringComparison.Ordinal) ? $"sni.{name[4..]}" : name;
    }

    /// <summary>'In single quotes' everything counts; else a # after a blank begins a comment.</summary>
    private static string Value(ReadOnlySpan<char> text, string place)
    {
        if (!text.IsEmpty && text[0] == '\'')
        {
            var close = text[1..].IndexOf('\'');
            if (close < 0)
                throw new ConfigurationException($"{place}: the closing ' is missing");
            return text.Slice(1, close).ToString();
        }

        var comment = text.IndexOf(" #");
        return (comment < 0 ? text : text[..comment].TrimEnd()).ToString();
    }
}
