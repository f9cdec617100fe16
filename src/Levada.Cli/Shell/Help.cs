using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Levada.Cli.Control.Views;

namespace Levada.Cli.Shell;

/// <summary>
/// <c>--help</c>: the root's groups its commands, a line each; all others are the library's, with examples below.
/// </summary>
internal sealed class Help(IReadOnlyList<CommandGroup> groups, HelpAction usual) : SynchronousCommandLineAction
{
    private const int WidthMax = 120;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command is not RootCommand)
        {
            var code = usual.Invoke(parseResult);
            WriteColumns(output, command);
            WriteExamples(output, command.Name);
            return code;
        }
        var width = Math.Min(WidthMax, Console.IsOutputRedirected ? WidthMax : Console.WindowWidth - 1);
        var longest = groups.Max(static g => g.Commands.Where(static c => !c.Hidden).Max(static c => c.Name.Length));
        output.WriteLine("Levada, a message broker for AMQP 0-9-1.");
        output.WriteLine();
        output.WriteLine("  levada COMMAND [ARGUMENTS] [OPTIONS]");
        output.WriteLine("  levada COMMAND --help");
        foreach (var group in groups)
        {
            output.WriteLine();
            output.WriteLine($"{group.Title}:");
            foreach (var below in group.Commands.Where(static c => !c.Hidden))
            {
                var line = $"  {below.Name.PadRight(longest)}  {Sentences.First(below.Description)}";
                output.WriteLine(TableText.Cut(line, Math.Max(width, 40)));
            }
        }
        output.WriteLine();
        WriteExamples(output, "channels");
        output.WriteLine("More: man levada, or docs/command-line.md.");
        return 0;
    }

    private static void WriteColumns(TextWriter output, Command command)
    {
        if (ColumnsOf(command) is not { Count: > 0 } columns)
            return;
        output.WriteLine("Columns:");
        foreach (var line in Sentences.Wrap(string.Join(' ', columns), WidthMax - 2))
            output.WriteLine($"  {line}");
        output.WriteLine();
    }

    /// <summary>The columns that a command can be asked for; none if it shows no list.</summary>
    public static IReadOnlyList<string> ColumnsOf(Command command) =>
        command.Arguments.FirstOrDefault(static a => a.Name == "COLUMN") is not { } argument ? []
        : [.. argument.CompletionSources.SelectMany(s => s(CompletionContext.Empty)).Select(static c => c.Label)];

    private static void WriteExamples(TextWriter output, string name)
    {
        var examples = HelpTexts.Examples.Where(e => e.Command == name).SelectMany(static e => e.Lines).ToList();
        if (examples.Count == 0)
            return;
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
    }
}
