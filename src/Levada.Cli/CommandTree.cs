using System.CommandLine;
using System.CommandLine.Help;
using Levada.Cli.Control;
using Levada.Cli.Data;
using Levada.Cli.Perf;
using Levada.Cli.Proxy;
using Levada.Cli.Server;
using Levada.Cli.Shell;

namespace Levada.Cli;

/// <summary>All commands of the program, in the groups that the help shows.</summary>
internal sealed class CommandTree
{
    public CommandTree()
    {
        Groups =
        [
            new CommandGroup("Broker", [ServerCommand.Create(), ConfigCommand.Create(), ProxyCommand.Create()]),
            .. ControlCommands.Groups(Common),
            new CommandGroup(
                "Tools",
                [
                    DataCommand.Create(), PerfCommand.Create(), ProfileCommand.Create(Common),
                    CompletionCommand.Create(), ManCommand(), HelpCommand(),
                ]),
        ];
        Root = new RootCommand("Levada, a message broker for AMQP 0-9-1.") { HelpName = "levada" };
        foreach (var command in Groups.SelectMany(static group => group.Commands))
            Root.Add(command);
        var help = Root.Options.OfType<HelpOption>().First();
        help.Action = new Help(Groups, (HelpAction)help.Action!);
    }

    public RootCommand Root { get; }

    public IReadOnlyList<CommandGroup> Groups { get; }

    /// <summary>The options of all commands to a running broker.</summary>
    public ControlOptions Common { get; } = new();

    private Command HelpCommand()
    {
        var name = new Argument<string?>("COMMAND")
        {
            Description = "Which; without it, all of them.", Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("help", "Shows the help of a command, as --help does.") { name };
        command.SetAction(result =>
            Root.Parse(result.GetValue(name) is { } of ? [of, "--help"] : ["--help"]).Invoke());
        return command;
    }

    private Command ManCommand()
    {
        var command = new Command("man", "Prints the man page: levada man | man -l -");
        command.SetAction(_ => Console.Out.Write(ManPage.Write(Groups, Common.All)));
        return command;
    }
}
