using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Levada.Cli.Perf.Throughput;

/// <summary><c>levada perf throughput</c>: its options, with lavinmqperf's letters and defaults.</summary>
internal sealed class ThroughputCommand
{
    private readonly Option<int> _publishers = Number(
        "--publishers", "-x", "NUMBER", "Publishers, each on a connection of its own.", 1);
    private readonly Option<int> _consumers = Number(
        "--consumers", "-y", "NUMBER", "Consumers, each on a connection of its own.", 1);
    private readonly Option<int> _size = Number("--size", "-s", "BYTES", "Size of each body.", 16);
    private readonly Option<bool> _verify = Flag("--verify", "-V", "Compare each body with what was published.");
    private readonly Option<int> _ack = Number(
        "--ack", "-a", "MESSAGES", "Acknowledge after so many messages; 0: consume without acknowledgements.", 0);
    private readonly Option<int> _confirm = Number(
        "--confirm", "-c", "MESSAGES", "Publisher confirms, with at most so many outstanding.", 0);
    private readonly Option<int> _transaction = Number(
        "--transaction", "-t", "MESSAGES", "Publish in transactions of so many messages.", 0);
    private readonly Option<int> _ackTransaction = Number(
        "--ack-transaction", "-T", "MESSAGES", "Acknowledge in transactions of so many messages.", 0);
    private readonly Option<string> _queue = Text(
        "--queue", "-u", "NAME", "Queue; empty: each consumer one that the server names. Default: perf-test.");
    private readonly Option<string> _routingKey = Text(
        "--routing-key", "-k", "KEY", "Routing key. Default: the queue's name.");
    private readonly Option<string> _exchange = Text(
        "--exchange", "-e", "NAME", "Exchange to publish to, and to bind the queue to. Default: the default exchange.");
    private readonly Option<double> _rate = Decimal("--rate", "-r", "Messages a second that each publisher sends.");
    private readonly Option<double> _consumeRate = Decimal(
        "--consumer-rate", "-R", "Messages a second that each consumer takes.");
    private readonly Option<bool> _persistent = Flag("--persistent", "-p", "Persistent messages.");
    private readonly Option<ushort?> _prefetch = new("--prefetch", "-P")
    {
        Description = "Unacknowledged messages a consumer may hold.",
        HelpName = "MESSAGES",
    };
    private readonly Option<bool> _poll = Flag("--poll", "-g", "Fetch with basic.get instead of consuming.");
    private readonly Option<bool> _json = Flag(
        "--json", "-j", "Result as JSON on standard output, rates on standard error.");
    private readonly Option<double> _time = Decimal(
        "--time", "-z", "Seconds to run. Default: until Ctrl-C.", "SECONDS");
    private readonly Option<bool> _quiet = Flag("--quiet", "-q", "Only the summary.");
    private readonly Option<long> _publishCount = Count("--pmessages", "-C", "Messages to publish in all, then stop.");
    private readonly Option<long> _consumeCount = Count("--cmessages", "-D", "Messages to consume in all, then stop.");
    private readonly Option<bool> _latency = Flag(
        "--measure-latency", "-l", "Measure from the time a message was due to its arrival (same machine's clock).");
    private readonly Option<string> _queueArguments = Text(
        "--queue-args", "", "JSON", "Arguments to declare the queue with.");
    private readonly Option<string> _consumerArguments = Text(
        "--consumer-args", "", "JSON", "Arguments to consume with.");
    private readonly Option<string> _properties = Text(
        "--properties", "", "JSON", "Properties of each message, such as {\"priority\":3,\"headers\":{\"a\":1}}.");
    private readonly Option<bool> _randomBodies = Flag("--random-bodies", "", "Another random body for each message.");
    private readonly Option<string> _pattern = Text(
        "--queue-pattern", "", "PATTERN", "Many queues: a name with % for the number. Publishers go round them.");
    private readonly Option<int> _patternFrom = Number("--queue-pattern-from", "", "NUMBER", "The first number.", 1);
    private readonly Option<int> _patternTo = Number("--queue-pattern-to", "", "NUMBER", "The last number.", 1);

    private ThroughputCommand()
    {
    }

    public static Command Create()
    {
        var options = new ThroughputCommand();
        var command = new Command("throughput", "Publishes and consumes as fast as the broker can, or at a rate.")
        {
            options._publishers, options._consumers, options._size, options._verify, options._ack, options._confirm,
            options._transaction, options._ackTransaction, options._queue, options._routingKey, options._exchange,
            options._rate, options._consumeRate, options._persistent, options._prefetch, options._poll, options._json,
            options._time, options._quiet, options._publishCount, options._consumeCount, options._latency,
            options._queueArguments, options._consumerArguments, options._properties, options._randomBodies,
            options._pattern, options._patternFrom, options._patternTo,
        };
        command.SetAction(result => PerfCommand.Guard(() => Run(options.Read(result))));
        return command;
    }

    /// <exception cref="FormatException">A value, or the combination, makes no sense.</exception>
    internal ThroughputOptions Read(ParseResult result)
    {
        RefuseNegative(result, _publishers, _consumers, _size, _ack, _confirm, _transaction, _ackTransaction);
        RefuseNegative(result, _publishCount, _consumeCount);
        RefuseNegative(result, _rate, _consumeRate, _time);
        var queue = result.GetValue(_queue) ?? "perf-test";
        var properties = JsonArguments.ToProperties(result.GetValue(_properties) ?? "{}");
        if (result.GetValue(_persistent)) properties.DeliveryMode = 2;
        var options = new ThroughputOptions(PerfCommand.Target(result))
        {
            Publishers = result.GetValue(_publishers),
            Consumers = result.GetValue(_consumers),
            Size = result.GetValue(_size),
            Verify = result.GetValue(_verify),
            Ack = result.GetValue(_ack),
            Confirm = result.GetValue(_confirm),
            PublishTransaction = result.GetValue(_transaction),
            AckTransaction = result.GetValue(_ackTransaction),
            Queue = queue,
            RoutingKey = result.GetValue(_routingKey) ?? queue,
            Exchange = result.GetValue(_exchange) ?? "",
            Rate = result.GetValue(_rate),
            ConsumeRate = result.GetValue(_consumeRate),
            Prefetch = result.GetValue(_prefetch),
            Poll = result.GetValue(_poll),
            Json = result.GetValue(_json),
            Time = TimeSpan.FromSeconds(result.GetValue(_time)),
            Quiet = result.GetValue(_quiet),
            PublishCount = result.GetValue(_publishCount),
            ConsumeCount = result.GetValue(_consumeCount),
            MeasureLatency = result.GetValue(_latency),
            QueueArguments = JsonArguments.ToTable(result.GetValue(_queueArguments) ?? "{}"),
            ConsumerArguments = JsonArguments.ToTable(result.GetValue(_consumerArguments) ?? "{}"),
            Properties = properties,
            RandomBodies = result.GetValue(_randomBodies),
            QueuePattern = result.GetValue(_pattern),
            QueuePatternFrom = result.GetValue(_patternFrom),
            QueuePatternTo = result.GetValue(_patternTo),
        };
        return options.Contradiction is { } contradiction ? throw new FormatException(contradiction) : options;
    }

    private static int Run(ThroughputOptions options)
    {
        using var run = new ThroughputRun(options);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Interrupt(run, signal));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Interrupt(run, signal));
        var summary = run.Execute();
        if (run.Failure is { } failure) Console.Error.WriteLine($"levada perf: {failure}");
        if (options.Json) Console.Out.WriteLine(JsonSerializer.Serialize(summary, PerfJson.Default.ThroughputSummary));
        else summary.Print(Console.Out);
        return run.Failure is null ? 0 : 1;
    }

    /// <summary>The first signal ends the run with its summary, a second one the process.</summary>
    private static void Interrupt(ThroughputRun run, PosixSignalContext signal)
    {
        signal.Cancel = !run.Stopped;
        run.Stop();
    }

    private static void RefuseNegative<T>(ParseResult result, params ReadOnlySpan<Option<T>> options)
        where T : System.Numerics.INumber<T>
    {
        foreach (var option in options)
        {
            if (!T.IsNegative(result.GetValue(option)!)) continue;
            throw new FormatException($"{option.Name} must not be negative");
        }
    }

    private static Option<bool> Flag(string name, string alias, string description) =>
        new(name, Aliases(alias)) { Description = description };

    private static Option<string> Text(string name, string alias, string help, string description) =>
        new(name, Aliases(alias)) { Description = description, HelpName = help };

    private static Option<int> Number(string name, string alias, string help, string description, int standard) =>
        new(name, Aliases(alias)) { Description = description, HelpName = help, DefaultValueFactory = _ => standard };

    private static Option<long> Count(string name, string alias, string description) =>
        new(name, Aliases(alias)) { Description = description, HelpName = "MESSAGES" };

    private static Option<double> Decimal(string name, string alias, string description, string help = "NUMBER") =>
        new(name, Aliases(alias)) { Description = description, HelpName = help };

    private static string[] Aliases(string alias) => alias.Length == 0 ? [] : [alias];
}
