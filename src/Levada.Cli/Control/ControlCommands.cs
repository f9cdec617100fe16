using System.CommandLine;

namespace Levada.Cli.Control;

/// <summary>The commands to a running broker, by the names of rabbitmqctl and lavinmqctl.</summary>
internal static class ControlCommands
{
    public static IEnumerable<Command> CreateAll()
    {
        var options = new ControlOptions();
        return [
            .. Listings.All.Select(listing => ListCommand.Create(listing, options)),
            .. ConnectionActions.All.Concat(QueueActions.All).Concat(UserActions.All).Concat(VHostActions.All)
                .Concat(NodeActions.All).Concat(SettingActions.All).Select(action => action.ToCommand(options)),
        ];
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
