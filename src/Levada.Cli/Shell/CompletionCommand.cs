using System.CommandLine;

namespace Levada.Cli.Shell;

/// <summary>
/// <c>levada completion SHELL</c> prints a script that makes the shell complete levada's command lines; what that
/// script asks is answered by <see cref="AnswerAsync"/>.
/// </summary>
internal static class CompletionCommand
{
    /// <summary>The first word of a question. Nobody types it, so it is in no help.</summary>
    public const string Question = "__complete";

    private const string Files = ":files";

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script that lets a shell complete levada's commands.")
        {
            shell,
        };
        command.SetAction(result =>
        {
            var name = $"completion.{result.GetRequiredValue(shell)}";
            using var script = new StreamReader(
                typeof(CompletionCommand).Assembly.GetManifestResourceStream(name)!);
            Console.Out.Write(script.ReadToEnd());
        });
        return command;
    }

    /// <summary>Lines of value, tab and description; for bash, of what it is to put there.</summary>
    /// <param name="completion">Knows what fits.</param>
    /// <param name="question">
    /// `bash` and the line up to the cursor, or `words` and the words after the program's name.
    /// </param>
    public static async Task AnswerAsync(Completion completion, string[] question)
    {
        if (question is ["bash", var line, ..])
        {
            var bash = BashLine.Parse(line);
            Write(await completion.FindAsync(bash.Words), v => bash.Reply(v.Value));
        }
        else if (question is ["words", ..])
        {
            Write(
                await completion.FindAsync(question[1..]),
                static v => v.Description.Length == 0 ? v.Value : $"{v.Value}\t{v.Description}");
        }
    }

    private static void Write(
        IReadOnlyList<(string Value, string Description)>? found, Func<(string Value, string Description), string> show)
    {
        if (found is null)
        {
            Console.Out.WriteLine(Files);
            return;
        }
        foreach (var value in found.Where(static v => !v.Value.Any(char.IsControl)))
            Console.Out.WriteLine(show(value));
    }
}
