using System.Collections;

namespace Levada.Configuration;

/// <summary>
/// Variables as settings. Ours are a key's name in capitals with _ for the dots (LEVADA_FRAME_MAX,
/// LEVADA_LISTENERS_TCP_DEFAULT); a few of LavinMQ's and RabbitMQ's, as containers of theirs have them, count too.
/// </summary>
public static class EnvironmentSettings
{
    /// <summary>Names the configuration file; not a key.</summary>
    public const string ConfigVariable = Prefix + "CONFIG";

    private const string Prefix = "LEVADA_";
    private const string RabbitConfigVariable = "RABBITMQ_CONFIG_FILE";
    private const string LavinFolderVariable = "LAVINMQ_CONFIGURATION_DIRECTORY";
    private const string LavinFile = "lavinmq.ini";

    // The command line's own.
    private static readonly string[] Others = [ConfigVariable, Prefix + "API_URI", Prefix + "PROFILE"];

    /// <summary>RabbitMQ's variables, by the keys that they set.</summary>
    public static IReadOnlyDictionary<string, string> Rabbit { get; } = new Dictionary<string, string>
    {
        ["RABBITMQ_DEFAULT_USER"] = "default_user",
        ["RABBITMQ_DEFAULT_PASS"] = "default_pass",
        ["RABBITMQ_DEFAULT_VHOST"] = "default_vhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "amqp.bind",
        ["RABBITMQ_NODE_PORT"] = "amqp.port",
    };

    /// <summary>The same for LavinMQ.</summary>
    public static IReadOnlyDictionary<string, string> Lavin { get; } = new Dictionary<string, string>
    {
        ["LAVINMQ_DATADIR"] = "data_dir",
        ["LAVINMQ_AMQP_BIND"] = "amqp.bind",
        ["LAVINMQ_AMQP_PORT"] = "amqp.port",
        ["LAVINMQ_AMQPS_PORT"] = "amqps.port",
        ["LAVINMQ_HTTP_BIND"] = "http.bind",
        ["LAVINMQ_HTTP_PORT"] = "http.port",
        ["LAVINMQ_TLS_CERT_PATH"] = "tls.cert",
        ["LAVINMQ_TLS_KEY_PATH"] = "tls.key",
        ["LAVINMQ_DEFAULT_USER"] = "default_user",
        ["LAVINMQ_DEFAULT_PASSWORD"] = "default_password_hash",
    };

    /// <summary>OpenTelemetry's own; the exporter itself reads others of them.</summary>
    public static IReadOnlyDictionary<string, string> OpenTelemetry { get; } = new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "otlp.endpoint",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "otlp.protocol",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = "otlp.headers",
        ["OTEL_SERVICE_NAME"] = "otlp.service_name",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "otlp.interval",
    };

    /// <summary>The configuration file that the variables name: ours first, then RabbitMQ's and LavinMQ's.</summary>
    /// <returns>Null if there is none. One that only LavinMQ's folder names must be there.</returns>
    public static string? FindFile(IDictionary variables)
    {
        if (Get(ConfigVariable) is { } own)
            return own;
        // RabbitMQ takes the name with and without its ending.
        if (Get(RabbitConfigVariable) is { } rabbit)
            return !File.Exists(rabbit) && File.Exists(rabbit + ".conf") ? rabbit + ".conf" : rabbit;
        return Get(LavinFolderVariable) is { } folder && Path.Combine(folder, LavinFile) is var file
            && File.Exists(file) ? file : null;

        string? Get(string name) => (string?)variables[name] is { Length: > 0 } value ? value : null;
    }

    /// <summary>RabbitMQ's variables, or LavinMQ's, as settings.</summary>
    public static IReadOnlyList<Setting> Read(IDictionary variables, IReadOnlyDictionary<string, string> foreign) =>
        [.. from pair in foreign
            let value = (string?)variables[pair.Key]
            where !string.IsNullOrEmpty(value)
            select new Setting(pair.Key, pair.Value, value)];

    /// <summary>
    /// What our variables say. Those that fit no key are only reported: a container's host sets variables like
    /// LEVADA_PORT for its own reasons.
    /// </summary>
    public static IReadOnlyList<Setting> Read(IDictionary variables, ICollection<string> unknown)
    {
        var settings = new List<Setting>();
        foreach (var variable in variables.Keys.Cast<string>().Order(StringComparer.Ordinal))
        {
            if (!variable.StartsWith(Prefix, StringComparison.Ordinal) || Others.Contains(variable))
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
