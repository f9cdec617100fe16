namespace Levada.Cli.Control;

/// <summary>A password that is not on the command line, where every list of processes shows it.</summary>
internal static class PasswordInput
{
    /// <summary>Asked for on a terminal, unseen; else the first line of standard input.</summary>
    /// <exception cref="ControlException">There is none.</exception>
    public static string Read(string what)
    {
        if (!Console.IsInputRedirected && !Console.IsErrorRedirected)
            return Ask(what);
        return Console.In.ReadLine()
            ?? throw new ControlException(ControlExit.Usage, "give the password as an argument or on standard input");
    }

    // Not by the library's prompt: it converts to any type, which the trimmer cannot follow.
    private static string Ask(string what)
    {
        Console.Error.Write($"{what}: ");
        var typed = new List<char>();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key != ConsoleKey.Backspace && !char.IsControl(key.KeyChar))
                typed.Add(key.KeyChar);
            else if (key.Key == ConsoleKey.Backspace && typed.Count > 0)
                typed.RemoveAt(typed.Count - 1);
        }
        Console.Error.WriteLine();
        return string.Concat(typed);
    }
}
