using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Levada.Cli.Perf.Client;
using Levada.Protocol;

namespace Levada.Cli.Perf.Scenarios;

/// <summary>
/// <c>levada perf connection-count</c>: opens many connections and keeps them, to see what they cost the broker.
/// </summary>
internal static class ConnectionCountCommand
{
    private const int ReportEvery = 100;
    private const int AtOnce = 16;

    public static Command Create()
    {
        var count = new Option<int>("-x", "--count")
        {
            Description = "Connections.", HelpName = "NUMBER", DefaultValueFactory = _ => 100,
        };
        var channels = new Option<ushort>("-c", "--channels")
        {
            Description = "Channels on each connection.", HelpName = "NUMBER", DefaultValueFactory = _ => 1,
        };
        var consumers = new Option<int>("-C", "--consumers")
        {
            Description = "Consumers on each channel.", HelpName = "NUMBER",
        };
        var queue = new Option<string>("-u", "--queue")
        {
            Description = "Queue of the consumers.", HelpName = "NAME", DefaultValueFactory = _ => "connection-count",
        };
        var localhost = new Option<bool>("-l", "--localhost")
        {
            Description = "Connect to random addresses of 127.0.0.0/16: one address has only 64 k ports.",
        };
        var keepalive = new Option<string>("-k", "--keepalive")
        {
            Description = "TCP keep-alive of the connections: idle seconds, count, interval.",
            HelpName = "IDLE:COUNT:INTERVAL",
        };
        var time = new Option<double>("-z", "--time")
        {
            Description = "Seconds to keep them instead of asking for more.", HelpName = "SECONDS",
        };
        var heartbeat = new Option<ushort>("--heartbeat")
        {
            Description = "Heartbeat of the connections; 0 for none.", HelpName = "SECONDS",
        };
        var command = new Command("connection-count", "Opens many connections and keeps them open.")
        {
            count, channels, consumers, queue, localhost, keepalive, time, heartbeat,
        };
        command.SetAction(result => PerfCommand.Guard(() =>
        {
            var target = PerfCommand.Target(result);
            var anywhere = result.GetValue(localhost);
            var tcp = KeepAlive(result.GetValue(keepalive));
            var connections = new List<AmqpConnection>();
            var plan = new Plan(
                result.GetValue(channels), result.GetValue(consumers), result.GetRequiredValue(queue), tcp,
                result.GetValue(heartbeat));
            using var heartbeats = Heartbeats.Start(connections, plan.HeartbeatSeconds);
            do
            {
                Open(connections, result.GetValue(count), anywhere ? () => Random(target) : () => target, plan);
            }
            while (CountPrompt.More(plan.Describe(connections.Count), result.GetValue(time)));
            heartbeats?.Dispose();
            Close(connections);
            return 0;
        }));
        return command;
    }

    private static void Open(List<AmqpConnection> connections, int count, Func<AmqpUri> target, Plan plan)
    {
        for (var left = count; left > 0; left -= ReportEvery)
        {
            var clock = Stopwatch.StartNew();
            var slice = Math.Min(left, ReportEvery);
            try
            {
                Parallel.For(0, slice, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, _ =>
                {
                    var connection = plan.Connect(target());
                    lock (connections) connections.Add(connection);
                });
            }
            catch (AggregateException e)
            {
                throw new IOException($"after {connections.Count} connections: {e.InnerExceptions[0].Message}", e);
            }
            var time = clock.ElapsedMilliseconds;
            Console.Out.WriteLine($"{connections.Count} connections, the last {slice} in {time} ms");
        }
    }

    private static void Close(List<AmqpConnection> connections)
    {
        var clock = Stopwatch.StartNew();
        var slowest = TimeSpan.Zero;
        foreach (var connection in connections)
        {
            var begun = clock.Elapsed;
            connection.Close();
            slowest = clock.Elapsed - begun > slowest ? clock.Elapsed - begun : slowest;
        }
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"closed in {clock.Elapsed.TotalMilliseconds:F0} ms, the slowest in {slowest.TotalMilliseconds:F0} ms"));
    }

    private static AmqpUri Random(AmqpUri target) => target with
    {
        Host = $"127.0.{System.Random.Shared.Next(256)}.{System.Random.Shared.Next(1, 255)}",
    };

    private static Action<Socket>? KeepAlive(string? text)
    {
        if (text is null) return null;
        var parts = text.Split(':');
        var values = new int[3];
        for (var i = 0; i < 3; i++)
        {
            if (parts.Length != 3 || !int.TryParse(parts[i], CultureInfo.InvariantCulture, out values[i]))
            {
                throw new FormatException($"--keepalive is IDLE:COUNT:INTERVAL, not '{text}'");
            }
        }
        return socket =>
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, values[0]);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, values[1]);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, values[2]);
        };
    }

    /// <summary>What each connection holds.</summary>
    private sealed record Plan(
        ushort Channels, int Consumers, string Queue, Action<Socket>? Configure, ushort HeartbeatSeconds)
    {
        public AmqpConnection Connect(AmqpUri uri)
        {
            var connection = AmqpConnection.Open(
                uri, "perf connection-count", Configure, bufferSize: 4096, HeartbeatSeconds);
            for (var number = 1; number <= Channels; number++)
            {
                var channel = (ushort)number;
                connection.OpenChannel(channel);
                if (Consumers > 0 && channel == 1)
                {
                    connection.Call<QueueDeclare, QueueDeclareOk>(channel, new QueueDeclare(Queue, Durable: true));
                }
                for (var i = 0; i < Consumers; i++)
                {
                    connection.Call<BasicConsume, BasicConsumeOk>(channel, new BasicConsume(Queue, ""));
                }
            }
            return connection;
        }

        public string Describe(int connections)
        {
            var channels = (long)connections * Channels;
            return $"{connections} connections, {channels} channels, {channels * Consumers} consumers";
        }
    }
}
