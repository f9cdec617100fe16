using Spectre.Console;

namespace Levada.Cli.Control;

/// <summary>A password that is not on the command line, where every list of processes shows it.</summary>
internal static class PasswordInput
{
    /// <summary>Asked for on a terminal, unseen; else the first line of standard input.</summary>
    /// <exception cref="ControlException">There is none.</exception>
    public static string Read(string what)
    {
        if (!Console.IsInputRedirected && !Console.IsErrorRedirected)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            return console.Prompt(new TextPrompt<string>($"{Markup.Escape(what)}:").Secret());
        }
        return Console.In.ReadLine()
            ?? throw new ControlException(ControlExit.Usage, "give the password as an argument or on standard input");
    }
}
