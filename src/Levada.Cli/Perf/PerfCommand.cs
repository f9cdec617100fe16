using System.CommandLine;
using Levada.Cli.Perf.Client;
using Levada.Cli.Perf.Scenarios;
using Levada.Cli.Perf.Throughput;

namespace Levada.Cli.Perf;

/// <summary>
/// <c>levada perf</c>: load for this or any other AMQP 0-9-1 broker, with lavinmqperf's scenarios and letters.
/// </summary>
public static class PerfCommand
{
    private static readonly Option<string> Uri = new("--uri")
    {
        Description = "Broker to connect to: amqp[s]://user:password@host:port/vhost.",
        HelpName = "URI",
        DefaultValueFactory = _ => AmqpUri.Default,
        Recursive = true,
    };

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Accept any certificate of the broker (self-signed, another name).",
        Recursive = true,
    };

    public static Command Create()
    {
        var command = new Command("perf", "Loads a broker and measures it: throughput, latency, churn, counts.");
        command.Add(Uri);
        command.Add(Insecure);
        AddScenarios(command);
        // lavinmqperf has the protocol as an optional word before the scenario.
        var amqp = new Command("amqp", "The same scenarios.") { Hidden = true };
        AddScenarios(amqp);
        command.Add(amqp);
        return command;
    }

    /// <summary>Where to connect.</summary>
    /// <exception cref="FormatException">--uri makes no sense.</exception>
    internal static AmqpUri Target(ParseResult result) =>
        AmqpUri.Parse(result.GetRequiredValue(Uri)) with { Insecure = result.GetValue(Insecure) };

    /// <summary>Runs a scenario; what went wrong becomes one line and exit code 1.</summary>
    internal static int Guard(Func<int> scenario)
    {
        try
        {
            return scenario();
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidDataException)
        {
            Console.Error.WriteLine($"levada perf: {e.Message}");
            return 1;
        }
    }

    private static void AddScenarios(Command parent)
    {
        parent.Add(ThroughputCommand.Create());
        foreach (var churn in ChurnCommand.CreateAll()) parent.Add(churn);
        parent.Add(ConnectionCountCommand.Create());
        parent.Add(QueueCountCommand.Create());
        parent.Add(BusyChannelsCommand.Create());
    }
}
