using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Levada.Cli.Perf.Client;
using Levada.Protocol;

namespace Levada.Cli.Perf.Scenarios;

/// <summary>
/// <c>levada perf busy-channels</c>: messages go round on every channel, one at a time, through a queue of its own. Run
/// twice at once, with many channels on one connection and few on each of many, it shows whether the broker is fair.
/// </summary>
internal static class BusyChannelsCommand
{
    private const int BodySize = 16;
    private static readonly TimeSpan SetUpPatience = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var connections = new Option<int>("-x", "--connections")
        {
            Description = "Connections.", HelpName = "NUMBER", DefaultValueFactory = _ => 1,
        };
        var channels = new Option<ushort>("-c", "--channels")
        {
            Description = "Channels on each connection.", HelpName = "NUMBER", DefaultValueFactory = _ => 10,
        };
        var time = new Option<double>("-z", "--time")
        {
            Description = "Seconds to run.", HelpName = "SECONDS", DefaultValueFactory = _ => 5,
        };
        var json = new Option<bool>("-j", "--json") { Description = "Result as JSON." };
        var command = new Command(
            "busy-channels", "Each channel publishes a message, waits for its delivery, and publishes the next.")
        {
            connections, channels, time, json,
        };
        command.SetAction(result => PerfCommand.Guard(() =>
        {
            var summary = Run(
                PerfCommand.Target(result), result.GetValue(connections), result.GetValue(channels),
                TimeSpan.FromSeconds(result.GetValue(time)));
            Console.Out.WriteLine(
                result.GetValue(json) ? JsonSerializer.Serialize(summary, PerfJson.Default.BusyChannelsResult)
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{summary.Channels} channels on {summary.Connections} connections: {summary.PerSecond} rounds a "
                    + $"second; of one channel {summary.Least} to {summary.Most}, median {summary.Median}"));
            return 0;
        }));
        return command;
    }

    private static BusyChannelsResult Run(AmqpUri uri, int connections, ushort channels, TimeSpan time)
    {
        var rounds = new long[connections][];
        var failures = new string?[connections];
        using var ready = new CountdownEvent(connections);
        using var go = new ManualResetEventSlim();
        var end = long.MaxValue;
        var threads = new Thread[connections];
        for (var i = 0; i < connections; i++)
        {
            var number = i;
            rounds[i] = new long[channels];
            threads[i] = new Thread(() => failures[number] = Work(number), 256 << 10) { IsBackground = true };
            threads[i].Start();
        }
        if (!ready.Wait(SetUpPatience)) throw new IOException($"not ready in {SetUpPatience.TotalSeconds} s");
        var start = MonotonicClock.Now;
        Volatile.Write(ref end, start + (long)time.TotalNanoseconds);
        go.Set();
        foreach (var thread in threads) thread.Join();
        var seconds = (MonotonicClock.Now - start) / 1e9;
        if (failures.FirstOrDefault(f => f is not null) is { } failure) throw new IOException(failure);
        long[] each = [.. rounds.SelectMany(static r => r).Order()];
        return new BusyChannelsResult(
            connections, each.Length, Math.Round(each.Sum() / seconds, 1), each[0], each[each.Length / 2], each[^1]);

        string? Work(int number)
        {
            var isReady = false;
            try
            {
                using var connection = AmqpConnection.Open(uri, $"perf busy-channels {number + 1}");
                var messages = Prepare(connection, channels);
                ready.Signal();
                isReady = true;
                go.Wait();
                GoRound(connection, messages, rounds[number], () => MonotonicClock.Now >= Volatile.Read(ref end));
                connection.Close();
                return null;
            }
            catch (IOException e)
            {
                if (!isReady) ready.Signal();
                return e.Message;
            }
        }
    }

    // A queue and a consumer for each channel; the frames of its message.
    private static byte[][] Prepare(AmqpConnection connection, ushort channels)
    {
        var messages = new byte[channels][];
        for (ushort channel = 1; channel <= channels; channel++)
        {
            connection.OpenChannel(channel);
            var queue = connection.Call<QueueDeclare, QueueDeclareOk>(channel, new QueueDeclare("", Exclusive: true));
            connection.Call<BasicConsume, BasicConsumeOk>(channel, new BasicConsume(queue.Queue, "", NoAck: true));
            var publish = new BasicPublish(default, Encoding.UTF8.GetBytes(queue.Queue));
            var frames = new byte[FrameWriter.ContentSize(publish, 2, BodySize, connection.FrameMax)];
            FrameWriter.WriteContent(frames, channel, publish, [0, 0], new byte[BodySize], connection.FrameMax);
            messages[channel - 1] = frames;
        }
        return messages;
    }

    private static void GoRound(AmqpConnection connection, byte[][] messages, long[] rounds, Func<bool> isOver)
    {
        foreach (var message in messages) connection.Out.Write(message);
        connection.Flush();
        while (!isOver())
        {
            if (!connection.Receive()) continue;
            while (connection.TryReadFrame(out var header, out var payload))
            {
                if (header.Type == Frame.Body)
                {
                    rounds[header.Channel - 1]++;
                    connection.Out.Write(messages[header.Channel - 1]);
                }
                else if (header.Type == Frame.Method && AmqpConnection.IdOf(payload) != MethodId.BasicDeliver)
                {
                    connection.HandleOther(header, payload);
                }
            }
            connection.Flush();
        }
    }
}
