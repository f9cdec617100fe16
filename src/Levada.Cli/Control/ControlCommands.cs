using System.CommandLine;
using Levada.Cli.Control.Views;

namespace Levada.Cli.Control;

/// <summary>The commands to a running broker, by the names of rabbitmqctl and lavinmqctl.</summary>
internal static class ControlCommands
{
    public static IEnumerable<CommandGroup> Groups(ControlOptions options)
    {
        yield return new CommandGroup(
            "To look at",
            [
                .. View.All.Select(view => ViewCommand.Create(view, options)), TopCommand.Create(options),
                TraceCommand.Create(options),
            ]);
        yield return new CommandGroup(
            "Lists", [.. Listings.All.Select(listing => ListCommand.Create(listing, options))]);
        yield return Group("Connections and channels", ConnectionActions.All);
        yield return Group("Queues, exchanges, messages", [.. QueueActions.All, .. MessageActions.All]);
        yield return Group("Users and rights", UserActions.All);
        yield return Group("Virtual hosts, policies, parameters", VHostActions.All);
        yield return Group(
            "The node",
            [
                .. HealthActions.All, .. ServiceActions.All, .. NodeActions.All, .. LoginActions.All,
                .. SettingActions.All, .. NoMeaningActions.All,
            ]);

        CommandGroup Group(string title, IReadOnlyList<ControlAction> actions) =>
            new(title, [.. actions.Select(action => action.ToCommand(options))]);
    }

    /// <summary>Runs a command; what the broker or the command line has against it becomes one message.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (ControlException e)
        {
            await Console.Error.WriteLineAsync($"Error:\n{e.Message}");
            return e.ExitCode;
        }
    }
}
