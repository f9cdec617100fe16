using System.CommandLine;
using Levada.Cli.Perf.Client;
using Levada.Protocol;

namespace Levada.Cli.Perf.Scenarios;

/// <summary><c>levada perf queue-count</c>: declares many queues, to see what they cost the broker.</summary>
internal static class QueueCountCommand
{
    private const ushort Channel = 1;

    public static Command Create()
    {
        var count = new Option<int>("-q", "--queues")
        {
            Description = "Queues.", HelpName = "NUMBER", DefaultValueFactory = _ => 100,
        };
        var durable = new Option<bool>("-D", "--durable")
        {
            Description = "Durable queues, which stay; otherwise exclusive ones, which go with the connection.",
        };
        var arguments = new Option<string>("--arguments")
        {
            Description = "Arguments to declare the queues with.", HelpName = "JSON",
        };
        var noWait = new Option<bool>("-n", "--no-wait") { Description = "Do not wait for the answers." };
        var time = new Option<double>("-z", "--time")
        {
            Description = "Seconds to keep them instead of asking for more.", HelpName = "SECONDS",
        };
        var command = new Command("queue-count", "Declares many queues and keeps the connection open.")
        {
            count, durable, arguments, noWait, time,
        };
        command.SetAction(result => PerfCommand.Guard(() =>
        {
            var table = JsonArguments.ToTable(result.GetValue(arguments) ?? "{}");
            using var connection = AmqpConnection.Open(PerfCommand.Target(result), "perf queue-count");
            connection.OpenChannel(Channel);
            var declared = 0;
            do
            {
                for (var i = 0; i < result.GetValue(count); i++, declared++)
                {
                    Declare(connection, new QueueDeclare(
                        $"levada-perf-{Guid.NewGuid():N}", Durable: result.GetValue(durable),
                        Exclusive: !result.GetValue(durable), NoWait: result.GetValue(noWait), Arguments: table));
                }
                Settle(connection);
            }
            while (CountPrompt.More($"{declared} queues", result.GetValue(time)));
            connection.Close();
            return 0;
        }));
        return command;
    }

    private static void Declare(AmqpConnection connection, QueueDeclare declare)
    {
        if (!declare.NoWait)
        {
            connection.Call<QueueDeclare, QueueDeclareOk>(Channel, declare);
            return;
        }
        FrameWriter.WriteMethod(connection.Out, Channel, declare);
        if (connection.Out.Length >= AmqpConnection.FlushSize) connection.Flush();
    }

    /// <summary>An answered method behind the unanswered ones: once it is answered they have been done.</summary>
    private static void Settle(AmqpConnection connection) =>
        connection.Call<BasicQos, BasicQosOk>(Channel, new BasicQos(0, 0));
}
