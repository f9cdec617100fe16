namespace Levada.Cli.Perf.Scenarios;

/// <summary>How the counting scenarios go on once what they were asked for is there.</summary>
internal static class CountPrompt
{
    /// <summary>
    /// Asks for more, or waits for the given time and ends. Without a terminal and a time it ends at once.
    /// </summary>
    /// <returns>True to add as many again.</returns>
    public static bool More(string things, double seconds)
    {
        var memory = Environment.WorkingSet / (1024 * 1024);
        Console.Out.WriteLine($"{things}. This program uses {memory} MiB.");
        if (seconds > 0)
        {
            Thread.Sleep(TimeSpan.FromSeconds(seconds));
            return false;
        }
        Console.Out.WriteLine("Press enter to add as many again, or ctrl-c to end");
        return Console.In.ReadLine() is not null;
    }
}
