using System.CommandLine;

namespace Levada.Cli;

/// <summary>Commands that the help shows together.</summary>
internal sealed record CommandGroup(string Title, IReadOnlyList<Command> Commands);
