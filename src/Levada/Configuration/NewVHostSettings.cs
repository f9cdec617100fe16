using System.Globalization;
using System.Text.Json;
using Levada.Auth;

namespace Levada.Configuration;

/// <summary>
/// Reads default_limits, default_policies and default_users: keys of three parts, of which the middle one says what
/// belongs together.
/// </summary>
internal static class NewVHostSettings
{
    private static readonly (string Suffix, long Milliseconds)[] Units =
    [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000), ("", 1),
    ];

    public static IReadOnlyList<NewVHostLimits> Limits(IReadOnlyList<Setting> all) =>
        [.. Groups(all, static item => item.IndexOf('.', StringComparison.Ordinal)).Select(group =>
        {
            NamePattern? vhosts = null;
            int? connections = null, queues = null;
            foreach (var (key, setting) in group.Settings)
            {
                switch (key)
                {
                    case "pattern":
                        vhosts = Pattern(setting);
                        break;
                    case "max_connections":
                        connections = Limit(setting);
                        break;
                    case "max_queues":
                        queues = Limit(setting);
                        break;
                    default:
                        throw Unknown(setting, "pattern, max_connections and max_queues");
                }
            }
            return new NewVHostLimits(
                group.Id, vhosts ?? throw Missing(group.Settings, "pattern"), connections, queues);
        })];

    public static IReadOnlyList<NewVHostPolicy> Policies(IReadOnlyList<Setting> all) =>
        [.. Groups(all, static item => item.IndexOf('.', StringComparison.Ordinal)).Select(Policy)];

    public static IReadOnlyList<DefaultUser> Users(IReadOnlyList<Setting> all) =>
        // A user's name may have dots.
        [.. Groups(all, static item => item.LastIndexOf('.')).Select(group =>
        {
            var (vhosts, tags) = (new NamePattern(".*"), (string[])[]);
            var (configure, write, read) = (".*", ".*", ".*");
            PasswordHash? password = null;
            foreach (var (key, setting) in group.Settings)
            {
                switch (key)
                {
                    case "vhost_pattern":
                        vhosts = Pattern(setting);
                        break;
                    case "password":
                        password = PasswordHash.Create(ConfigurationValue.Text(setting));
                        break;
                    case "tags":
                        tags = setting.Value.Split(
                            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                        break;
                    case "configure":
                        configure = Pattern(setting).Pattern;
                        break;
                    case "write":
                        write = Pattern(setting).Pattern;
                        break;
                    case "read":
                        read = Pattern(setting).Pattern;
                        break;
                    default:
                        throw Unknown(setting, "vhost_pattern, password, tags, configure, write and read");
                }
            }
            return new DefaultUser(group.Id, vhosts, new Permissions(configure, write, read))
            {
                Password = password, Tags = tags,
            };
        })];

    /// <summary>A regular expression over names.</summary>
    public static NamePattern Pattern(Setting setting)
    {
        try
        {
            return new NamePattern(setting.Value);
        }
        catch (FormatException fault)
        {
            throw new ConfigurationException($"{setting.Place}: {setting.Name}: {fault.Message}", fault);
        }
    }

    private static NewVHostPolicy Policy((string Id, List<(string Key, Setting Setting)> Settings) group)
    {
        var (vhosts, pattern, target) = (new NamePattern(".*"), ".*", "queues");
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("definition");
            foreach (var (key, setting) in group.Settings)
            {
                switch (key)
                {
                    case "vhost_pattern":
                        vhosts = Pattern(setting);
                        break;
                    case "queue_pattern" or "pattern":
                        pattern = setting.Value;
                        break;
                    case "apply_to":
                        target = setting.Value;
                        break;
                    default:
                        WriteRule(json, key, setting);
                        break;
                }
            }
            json.WriteEndObject();
            json.WriteString("pattern", pattern);
            json.WriteString("apply-to", target);
            json.WriteEndObject();
        }
        try
        {
            return new NewVHostPolicy(group.Id, vhosts, JsonElement.Parse(bytes.ToArray()));
        }
        catch (FormatException fault)
        {
            var first = group.Settings[0].Setting;
            throw new ConfigurationException(
                $"{first.Place}: default_policies.operator.{group.Id}: {fault.Message}",
                fault);
        }
    }

    // RabbitMQ's names have _ for the - of policies, and some a part of their own for classic queues.
    private static void WriteRule(Utf8JsonWriter json, string key, Setting setting)
    {
        const string classic = "classic_queues.";
        var name = (key.StartsWith(classic, StringComparison.Ordinal) ? key[classic.Length..] : key).Replace('_', '-');
        if (name is "expires" or "message-ttl")
            json.WriteNumber(name, Duration(setting));
        else if (name.EndsWith("-bytes", StringComparison.Ordinal))
            json.WriteNumber(name, ConfigurationValue.Bytes(setting, 0, long.MaxValue));
        else if (long.TryParse(setting.Value, CultureInfo.InvariantCulture, out var number))
            json.WriteNumber(name, number);
        else
            json.WriteString(name, setting.Value);
    }

    // Milliseconds, or with a unit as in 2h.
    private static long Duration(Setting setting)
    {
        foreach (var (suffix, milliseconds) in Units)
        {
            if (setting.Value.EndsWith(suffix, StringComparison.Ordinal)
                && long.TryParse(
                    setting.Value.AsSpan(0, setting.Value.Length - suffix.Length), NumberStyles.None,
                    CultureInfo.InvariantCulture, out var number)
                && number <= long.MaxValue / milliseconds)
                return number * milliseconds;
        }
        throw ConfigurationValue.Bad(setting, "milliseconds, or a time such as 30s, 2h or 7d");
    }

    // -1 is none, as over HTTP.
    private static int? Limit(Setting setting) =>
        setting.Value == "-1" ? null : (int)ConfigurationValue.Integer(setting, 0, int.MaxValue);

    // In the order in which they come up.
    private static List<(string Id, List<(string Key, Setting Setting)> Settings)> Groups(
        IReadOnlyList<Setting> all, Func<string, int> dotIn)
    {
        var groups = new List<(string Id, List<(string, Setting)> Settings)>();
        foreach (var setting in all)
        {
            var dot = dotIn(setting.Item);
            if (dot <= 0)
                throw new ConfigurationException($"{setting.Place}: there is no key '{setting.Name}'");
            var id = setting.Item[..dot];
            var known = groups.Find(group => group.Id == id);
            if (known.Settings is null)
                groups.Add(known = (id, []));
            known.Settings.Add((setting.Item[(dot + 1)..], setting));
        }
        return groups;
    }

    private static ConfigurationException Unknown(Setting setting, string known) =>
        new($"{setting.Place}: there is no key '{setting.Name}'; of these there are {known}");

    private static ConfigurationException Missing(List<(string Key, Setting Setting)> settings, string what) =>
        new($"{settings[0].Setting.Place}: {settings[0].Setting.Name} is not enough: {what} is missing");
}
