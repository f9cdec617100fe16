using System.CommandLine;
using System.Net;

namespace Levada.Cli.Control;

/// <summary>A command that does something, by rabbitmqctl's or lavinmqctl's name.</summary>
/// <param name="Name">Of the command.</param>
/// <param name="Description">For the help.</param>
/// <param name="Arguments">Their names; in brackets if it may be left out, with dots if there may be many.</param>
/// <param name="Run">Does it.</param>
internal sealed record ControlAction(
    string Name, string Description, IReadOnlyList<string> Arguments, Func<ActionInput, Task> Run)
{
    /// <summary>Options with a value, and what they mean.</summary>
    public IReadOnlyList<(string Name, string Description)> Options { get; init; } = [];

    /// <summary>Other names of these, by their names.</summary>
    public IDictionary<string, string> Aliases { get; } = new Dictionary<string, string>();

    /// <summary>What to say if the broker knows nothing of that name; null for what it says itself.</summary>
    public Func<ActionInput, ControlException>? Missing { get; init; }

    /// <summary>It is for scripts that know it from elsewhere; the help does without.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Options without a value.</summary>
    public IReadOnlyList<(string Name, string Description)> Flags { get; init; } = [];

    public Command ToCommand(ControlOptions common)
    {
        var command = new Command(Name, Description) { Hidden = IsHidden };
        foreach (var argument in Arguments)
            command.Add(ToArgument(argument));
        foreach (var (name, description) in Options)
        {
            command.Add(new Option<string>(name, Aliases.TryGetValue(name, out var alias) ? [alias] : [])
            {
                Description = description, HelpName = "VALUE",
            });
        }
        foreach (var (name, description) in Flags)
            command.Add(new Option<bool>(name) { Description = description });
        common.AddTo(command);
        command.SetAction((result, _) => ControlCommands.GuardAsync(async () =>
        {
            using var session = common.Open(result);
            var input = new ActionInput(result, session);
            try
            {
                await Run(input);
            }
            catch (ControlException e) when (e.Status == HttpStatusCode.NotFound && Missing is not null)
            {
                throw Missing(input);
            }
            return ControlExit.Done;
        }));
        return command;
    }

    private static Argument ToArgument(string name)
    {
        if (name.EndsWith("...", StringComparison.Ordinal))
            return new Argument<string[]>(name[..^3]) { Arity = ArgumentArity.ZeroOrMore };
        return new Argument<string?>(name.Trim('[', ']'))
        {
            Arity = name.StartsWith('[') ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
    }
}
