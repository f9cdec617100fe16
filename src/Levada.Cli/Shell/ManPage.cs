using System.CommandLine;
using System.CommandLine.Help;
using System.Text;

namespace Levada.Cli.Shell;

/// <summary>The man page, made from what the help says.</summary>
internal static class ManPage
{
    // Escapes make a line longer; 80 is what linters want.
    private const int LineWidth = 64;

    public static string Write(IReadOnlyList<CommandGroup> groups, IReadOnlyCollection<Option> common)
    {
        var page = new StringBuilder();
        page.Append(".\\\" Made by `levada man`.\n");
        page.Append(".TH LEVADA 1 2026-11-21 Levada \"User Commands\"\n");
        page.Append(".ad l\n");
        Section("NAME", "levada \\- a message broker for AMQP 0\\-9\\-1, and its tools");
        page.Append(".SH SYNOPSIS\n.B levada server\n.RI [ options ]\n.br\n.B levada\n.I command\n.RI [ options ]\n");
        Section("DESCRIPTION", Line(
            "levada server runs the broker. The commands to a running broker have the names, columns, switches and "
            + "output of rabbitmqctl and lavinmqctl, so scripts go on working with another program name."));
        page.Append(".SH COMMANDS\n");
        foreach (var group in groups)
        {
            page.Append($".SS \"{Escape(group.Title)}\"\n");
            foreach (var command in group.Commands.Where(static c => !c.Hidden))
                Add(page, command, command.Name, common);
        }
        page.Append(".SH \"COMMON OPTIONS\"\nOf all commands to a running broker.\n");
        foreach (var option in common.Where(static o => !o.Hidden))
            Add(page, option);
        page.Append(".SH \"EXIT STATUS\"\n");
        Pairs(HelpTexts.ExitCodes);
        page.Append(".SH ENVIRONMENT\n");
        Pairs(HelpTexts.Variables);
        page.Append(".SH FILES\n");
        Pairs(HelpTexts.Files);
        page.Append(".SH EXAMPLES\n");
        foreach (var example in HelpTexts.Examples.SelectMany(static e => e.Lines))
            page.Append($".nf\n{Escape(example)}\n.fi\n.sp\n");
        page.Append(".SH \"SEE ALSO\"\n.BR rabbitmqctl (8)\n");
        return page.ToString();

        void Section(string title, string text) => page.Append($".SH {title}\n{text}\n");

        void Pairs(IEnumerable<(string Name, string Text)> pairs)
        {
            foreach (var (name, text) in pairs)
                page.Append($".TP\n.B {Escape(name)}\n{Line(text)}\n");
        }
    }

    private static void Add(StringBuilder page, Command command, string name, IReadOnlyCollection<Option> common)
    {
        page.Append($".TP\n.B {Escape(name)}");
        foreach (var argument in command.Arguments)
        {
            var text = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}..." : argument.Name;
            page.Append($" {Escape(argument.Arity.MinimumNumberOfValues == 0 ? $"[{text}]" : text)}");
        }
        page.Append($"\n{Line(command.Description ?? "")}\n");
        if (Help.ColumnsOf(command) is { Count: > 0 } columns)
            page.Append($"Columns:\n{Line(string.Join(' ', columns))}.\n");
        var own = command.Options.Where(o => !o.Hidden && !common.Contains(o) && o is not HelpOption).ToList();
        if (own.Count > 0)
        {
            page.Append(".RS\n");
            foreach (var option in own)
                Add(page, option);
            page.Append(".RE\n");
        }
        foreach (var below in command.Subcommands.Where(static c => !c.Hidden))
            Add(page, below, $"{name} {below.Name}", common);
    }

    private static void Add(StringBuilder page, Option option)
    {
        var names = option.Aliases.Prepend(option.Name).OrderBy(static n => n.Length).Select(Escape);
        var value = option.Arity.MinimumNumberOfValues == 0 ? "" : $" {Escape(option.HelpName ?? "VALUE")}";
        page.Append($".TP\n.BR {string.Join(" \", \" ", names)}{(value.Length == 0 ? "" : $" \"{value}\"")}\n");
        page.Append($"{Line(option.Description ?? "")}\n");
    }

    // A line of text must not begin like a request.
    private static string Line(string text) => string.Join('\n', Sentences.Wrap(text, LineWidth).Select(
        static line => Escape(line) is ['.', ..] request ? "\\&" + request : Escape(line)));

    private static string Escape(string text) => text
        .Replace("\\", "\\e", StringComparison.Ordinal)
        .Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("\"", "\\(dq", StringComparison.Ordinal)
        .Replace("~", "\\(ti", StringComparison.Ordinal)
        .Replace("^", "\\(ha", StringComparison.Ordinal)
        .Replace("`", "\\(ga", StringComparison.Ordinal)
        .Replace("'", "\\(aq", StringComparison.Ordinal);
}
