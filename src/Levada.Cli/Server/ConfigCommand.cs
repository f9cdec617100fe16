using System.CommandLine;
using System.Text.Json;
using Levada.Cli.Control;
using Levada.Configuration;

namespace Levada.Cli.Server;

/// <summary><c>levada config</c>: looks at a configuration before a broker has it, or at a broker's.</summary>
internal static class ConfigCommand
{
    // Values are texts here, not definitions.
    private static readonly Column[] Columns =
        [.. Column.Of("key value source reload after_restart").Select(static c => c with { IsDefinition = false })];

    public static Command Create() => new("config", "Checks, shows and reloads the configuration.")
    {
        CreateCheck(),
        CreateShow(),
        CreateReload(),
        new ControlAction(
            "set", "Changes a live key of a running broker, until it reloads or starts again.", ["KEY", "VALUE"],
            static i => SettingActions.SetAsync(i, i["KEY"], i["VALUE"])).ToCommand(new ControlOptions()),
    };

    private static Command CreateCheck()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "The file (default: the one that LEVADA_CONFIG names).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "check", "Says what is wrong in a configuration file, with the variables that are set: exit code 0 or 2.")
        {
            file,
        };
        command.SetAction((result, _) => CheckAsync(result.GetValue(file)));
        return command;
    }

    private static Command CreateShow()
    {
        var file = new Option<string?>("--config", "-c")
        {
            Description = "The file (default: the one that LEVADA_CONFIG names).", HelpName = "FILE",
        };
        var running = new Option<bool>("--running") { Description = "What a running broker has, and not a file." };
        var command = new Command("show", "Shows every key with its value and where that comes from.")
        {
            file,
            running,
        };
        var options = new ControlOptions();
        options.AddTo(command);
        command.SetAction((result, _) => ControlCommands.GuardAsync(async () =>
        {
            using var session = options.Open(result);
            if (result.GetValue(running))
            {
                var answer = await session.Api.GetAsync("/api/config/effective");
                session.Show(Columns, [.. answer.EnumerateArray()]);
                return ExitCode.Stopped;
            }
            return Load(result.GetValue(file), out var loaded) is { } failed
                ? await ServerCommand.TellAsync(failed)
                : Show(session, loaded!);
        }));
        return command;
    }

    private static Command CreateReload()
    {
        var command = new Command(
            "reload", "Makes a running broker read its configuration and certificates again; says what that changes.");
        var options = new ControlOptions();
        options.AddTo(command);
        command.SetAction((result, _) => ControlCommands.GuardAsync(async () =>
        {
            using var session = options.Open(result);
            session.Say("Reloading the configuration ...");
            var answer = JsonElement.Parse(await session.Api.SendAsync(HttpMethod.Put, "/api/config/reload"));
            var rows = answer.GetProperty("changed").EnumerateArray()
                .Concat(answer.GetProperty("need_restart").EnumerateArray());
            session.Show(Column.Of("key from to source needs_restart"), [.. rows]);
            foreach (var warning in answer.GetProperty("warnings").EnumerateArray())
                await Console.Error.WriteLineAsync($"warning: {warning.GetString()}");
            return ControlExit.Done;
        }));
        return command;
    }

    private static async Task<int> CheckAsync(string? file)
    {
        if (Load(file, out var loaded) is { } failed)
            return await ServerCommand.TellAsync(failed);
        foreach (var warning in loaded!.Warnings)
            await Console.Error.WriteLineAsync($"warning: {warning}");
        await Console.Out.WriteLineAsync($"{loaded.From.Count} settings, all can be used");
        return ExitCode.Stopped;
    }

    private static ConfigurationException? Load(string? file, out LoadedConfiguration? loaded)
    {
        loaded = null;
        try
        {
            loaded = ServerCommand.Load(file, Environment.GetEnvironmentVariables(), [], []);
            loaded.Options.Validate();
            return null;
        }
        catch (ConfigurationException e)
        {
            return e;
        }
    }

    private static int Show(ControlSession session, LoadedConfiguration loaded)
    {
        session.Show(Columns, [.. loaded.Rows().Select(static row => JsonSerializer.SerializeToElement(
            row, ConfigJson.Default.ConfigurationRow))]);
        return ExitCode.Stopped;
    }
}
