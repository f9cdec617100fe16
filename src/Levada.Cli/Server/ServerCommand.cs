using System.CommandLine;
using Levada.Configuration;

namespace Levada.Cli.Server;

/// <summary><c>levada server</c>: its options; how they, the environment and a file become one configuration.</summary>
internal static class ServerCommand
{
    private static readonly Option<string> ConfigFile = new("--config", "-c")
    {
        Description = "Configuration file: 'key = value' lines, or [sections] as LavinMQ has them. "
            + "Options and LEVADA_* variables win over it.",
        HelpName = "FILE",
    };

    /// <summary>The options that are a key of the configuration under another name.</summary>
    private static readonly (Option<string> Option, string Key)[] Keys =
    [
        (Text("--data-dir", "DIR", "Folder for all the broker must remember (default: data).", "-D"), "data_dir"),
        (Text("--bind", "ADDR", "Address to listen on, AMQP and HTTP (default: all, IPv4 and IPv6).", "-b"), "bind"),
        (Text("--amqp-port", "N", "Port for AMQP (default: 5672; 0 takes a free one).", "-p"), "amqp.port"),
        (Text("--amqps-port", "N", "Port for AMQP over TLS (default: off). Needs --cert."), "amqps.port"),
        (Text("--http-port", "N", "Port for the HTTP API and metrics (default: 15672)."), "http.port"),
        (
            Text("--metrics-port", "N", "Port for metrics alone (default: 15692 of this machine)."),
            "prometheus.tcp.port"),
        (Text("--cert", "FILE", "PEM file with the server's certificate and its chain."), "tls.cert"),
        (Text("--key", "FILE", "PEM file with the private key, if it is not in the other."), "tls.key"),
        (Text("--log-level", "LEVEL", "debug, info, warning, error or none (default: info)."), "log.level"),
    ];

    public static Command Create()
    {
        var command = new Command("server", "Runs the broker in the foreground until SIGTERM or SIGINT.");
        command.Add(ConfigFile);
        foreach (var (option, _) in Keys)
            command.Add(option);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    /// <summary>
    /// File, then RabbitMQ's variables, LavinMQ's, ours, then the command line: each wins over those before.
    /// </summary>
    /// <param name="file">Null: the one that the variables name, if they do.</param>
    /// <param name="environment">The variables.</param>
    /// <param name="commandLine">The options.</param>
    /// <param name="unknownVariables">Gets those of ours that fit no key.</param>
    /// <exception cref="ConfigurationException">Something is wrong: all that can be seen at once.</exception>
    internal static LoadedConfiguration Load(
        string? file, System.Collections.IDictionary environment, IEnumerable<Setting> commandLine,
        ICollection<string> unknownVariables)
    {
        file ??= EnvironmentSettings.FindFile(environment);
        return LoadedConfiguration.Of(
            file is null ? [] : ConfigurationFile.Read(file),
            EnvironmentSettings.Read(environment, EnvironmentSettings.Rabbit),
            EnvironmentSettings.Read(environment, EnvironmentSettings.Lavin),
            EnvironmentSettings.Read(environment, EnvironmentSettings.OpenTelemetry),
            EnvironmentSettings.Read(environment, unknownVariables),
            commandLine);
    }

    /// <summary>Says what is wrong, a line each.</summary>
    /// <returns>The exit code for it.</returns>
    internal static async Task<int> TellAsync(ConfigurationException e)
    {
        foreach (var problem in e.Problems)
            await Console.Error.WriteLineAsync($"levada: {problem}");
        return ExitCode.BadConfiguration;
    }

    private static async Task<int> RunAsync(ParseResult result)
    {
        LoadedConfiguration loaded;
        var warnings = new List<string>();
        try
        {
            var unknown = new List<string>();
            loaded = Load(unknown);
            Systemd.TakeSockets(loaded.Options);
            loaded.Options.Validate();
            warnings.AddRange(unknown.Select(static name => $"the variable {name} fits no key and is ignored"));
        }
        catch (ConfigurationException e)
        {
            return await TellAsync(e);
        }

        return await ServerHost.RunAsync(loaded, Reload, [.. warnings, .. loaded.Warnings]);

        LoadedConfiguration Load(ICollection<string> unknown) => ServerCommand.Load(
            result.GetValue(ConfigFile), Environment.GetEnvironmentVariables(), FromCommandLine(result), unknown);

        LoadedConfiguration Reload()
        {
            var again = Load([]);
            // systemd gave them once.
            again.Options.TakeSockets(loaded.Options);
            again.Options.Validate();
            return again;
        }
    }

    private static IEnumerable<Setting> FromCommandLine(ParseResult result)
    {
        foreach (var (option, key) in Keys)
        {
            if (result.GetValue(option) is not { } value)
                continue;
            if (key == "bind")
            {
                yield return new Setting(option.Name, "amqp.bind", value);
                yield return new Setting(option.Name, "http.bind", value);
            }
            else
            {
                yield return new Setting(option.Name, key, value);
            }
        }
    }

    private static Option<string> Text(string name, string helpName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = helpName };
}
