using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Levada.Cli.Perf.Client;
using Levada.Protocol;
using Spectre.Console;

namespace Levada.Cli.Perf.Scenarios;

/// <summary>
/// The churn scenarios: one thing done again and again, for some seconds or a number of times, waiting for each answer.
/// </summary>
internal static class ChurnCommand
{
    private const ushort Channel = 1;
    private const int WarmUpMs = 500;

    public static IEnumerable<Command> CreateAll() =>
    [
        Create("bind-churn", "Binds a transient and a durable queue again and again.", BindChurn),
        Create("queue-churn", "Declares and deletes queues, transient and durable.", QueueChurn),
        Create("connection-churn", "Opens and closes connections, each with a channel.", ConnectionChurn),
        Create(
            "publish-churn", "Connects, publishes one confirmed message and disconnects, like a web request.",
            PublishChurn),
        Create("channel-churn", "Opens and closes channels.", ChannelChurn),
        Create("consumer-churn", "Starts and cancels consumers.", ConsumerChurn),
    ];

    private static Command Create(string name, string description, Func<AmqpUri, Action<string, Action>, bool> scenario)
    {
        var time = new Option<double>("-z", "--time")
        {
            Description = "Seconds for each measurement.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 5,
        };
        var count = new Option<long>("-C", "--count")
        {
            Description = "Do it so often, instead of for some seconds.", HelpName = "NUMBER",
        };
        var json = new Option<bool>("-j", "--json") { Description = "Result as JSON." };
        var command = new Command(name, description) { time, count, json };
        command.SetAction(result => PerfCommand.Guard(() =>
        {
            var results = new List<ChurnResult>();
            var extent = new Extent(TimeSpan.FromSeconds(result.GetValue(time)), result.GetValue(count));
            scenario(PerfCommand.Target(result), (operation, once) => results.Add(Measure(operation, once, extent)));
            Print([.. results], result.GetValue(json));
            return 0;
        }));
        return command;
    }

    private static bool BindChurn(AmqpUri uri, Action<string, Action> measure)
    {
        using var connection = Open(uri);
        var transient = Declare(connection, new QueueDeclare("", Exclusive: true, AutoDelete: true));
        var durable = Declare(connection, new QueueDeclare(Unique("bind-churn-durable"), Durable: true));
        try
        {
            measure("bind non-durable queue", () => Bind(connection, transient));
            measure("bind durable queue", () => Bind(connection, durable));
        }
        finally
        {
            connection.Call<QueueDelete, QueueDeleteOk>(Channel, new QueueDelete(durable));
        }
        connection.Close();
        return true;
    }

    private static bool QueueChurn(AmqpUri uri, Action<string, Action> measure)
    {
        using var connection = Open(uri);
        measure("create/delete transient queue", () =>
        {
            var queue = Declare(connection, new QueueDeclare("", Exclusive: true, AutoDelete: true));
            connection.Call<QueueDelete, QueueDeleteOk>(Channel, new QueueDelete(queue));
        });
        measure("create/delete durable queue", () =>
        {
            var queue = Declare(connection, new QueueDeclare(Unique("queue-churn-durable"), Durable: true));
            connection.Call<QueueDelete, QueueDeleteOk>(Channel, new QueueDelete(queue));
        });
        connection.Close();
        return true;
    }

    private static bool ConnectionChurn(AmqpUri uri, Action<string, Action> measure)
    {
        measure("open-close connection and channel", () => Open(uri).Close());
        return true;
    }

    private static bool PublishChurn(AmqpUri uri, Action<string, Action> measure)
    {
        using var keeper = Open(uri);
        var target = Declare(keeper, new QueueDeclare(Unique("publish-churn")));
        try
        {
            var key = Encoding.ASCII.GetBytes(target);
            var body = new byte[16];
            measure("connect, publish confirmed, close", () =>
            {
                using var connection = Open(uri);
                connection.Call<ConfirmSelect, ConfirmSelectOk>(Channel, default);
                FrameWriter.WriteContent(
                    connection.Out, Channel, new BasicPublish(default, key), [0, 0], body, connection.FrameMax);
                connection.Flush();
                connection.Await<BasicAck>(Channel);
                connection.Close();
            });
        }
        finally
        {
            keeper.Call<QueueDelete, QueueDeleteOk>(Channel, new QueueDelete(target));
        }
        keeper.Close();
        return true;
    }

    private static bool ChannelChurn(AmqpUri uri, Action<string, Action> measure)
    {
        using var connection = Open(uri);
        measure("open-close channel", () =>
        {
            connection.OpenChannel(2);
            connection.Call<ChannelClose, ChannelCloseOk>(2, new ChannelClose(ReplyCode.Success, "", 0, 0));
        });
        connection.Close();
        return true;
    }

    private static bool ConsumerChurn(AmqpUri uri, Action<string, Action> measure)
    {
        using var connection = Open(uri);
        var queue = Declare(connection, new QueueDeclare("", Exclusive: true));
        measure("open-close consumer", () =>
        {
            var consumer = connection.Call<BasicConsume, BasicConsumeOk>(Channel, new BasicConsume(queue, ""));
            FrameWriter.WriteMethod(connection.Out, Channel, new BasicCancel(consumer.ConsumerTag, NoWait: true));
        });
        connection.Close();
        return true;
    }

    private static AmqpConnection Open(AmqpUri uri)
    {
        var connection = AmqpConnection.Open(uri, "perf churn");
        connection.OpenChannel(Channel);
        return connection;
    }

    private static string Declare(AmqpConnection connection, QueueDeclare declare) =>
        connection.Call<QueueDeclare, QueueDeclareOk>(Channel, declare).Queue;

    private static void Bind(AmqpConnection connection, string queue) =>
        connection.Call<QueueBind, QueueBindOk>(Channel, new QueueBind(queue, "amq.direct", Unique("key")));

    private static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}";

    private static ChurnResult Measure(string operation, Action once, Extent extent)
    {
        // Neither side's first steps are what is measured.
        for (var warm = MonotonicClock.Now + WarmUpMs * 1_000_000L; MonotonicClock.Now < warm;) once();
        var latency = new LatencyHistogram();
        var start = MonotonicClock.Now;
        var now = start;
        while (!extent.IsReached(latency.Count, now - start))
        {
            once();
            var after = MonotonicClock.Now;
            latency.Record(after - now);
            now = after;
        }
        return new ChurnResult(
            operation, latency.Count, Math.Round(latency.Count / ((now - start) / 1e9), 1),
            Milliseconds(latency.Percentile(0.5)), Milliseconds(latency.Percentile(0.99)), Milliseconds(latency.Max));
    }

    /// <summary>How long to go on: so often, or if that is 0 for so long.</summary>
    private sealed record Extent(TimeSpan Time, long Count)
    {
        public bool IsReached(long done, long nanoseconds) =>
            Count > 0 ? done >= Count : nanoseconds >= (long)Time.TotalNanoseconds;
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);

    private static void Print(ChurnResult[] results, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(results, PerfJson.Default.ChurnResultArray));
            return;
        }
        var table = new Table { Border = TableBorder.Rounded }.AddColumn("operation");
        foreach (var column in (string[])["a second", "median ms", "99th ms", "max ms"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }
        foreach (var result in results)
        {
            table.AddRow(
                result.Operation, Text(result.PerSecond),
                Text(result.MedianMs), Text(result.P99Ms), Text(result.MaxMs));
        }
        AnsiConsole.Write(table);
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
