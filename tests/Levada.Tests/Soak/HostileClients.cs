using System.Diagnostics;
using System.Net.Sockets;
using Levada.Protocol;
using Levada.Tests.Rules;
using Levada.Tests.Simulation;

namespace Levada.Tests.Soak;

/// <summary>
/// Clients that misbehave below AMQP, on raw sockets straight to the broker: each a thread that does the same over and
/// over. They publish to queues of their own, so that what they leave unfinished is nobody's message.
/// </summary>
internal sealed class HostileClients(SoakSetting setting, CancellationToken stop)
{
    /// <summary>Milliseconds that the broker gives a handshake; see the setting handshake_timeout.</summary>
    public const int HandshakeTimeout = 3000;

    /// <summary>What they say that they are.</summary>
    public const string Product = "raw test client";

    // Until the broker ends what is dead: its time and that of a machine with much to do.
    private static readonly TimeSpan EndedWithin = TimeSpan.FromSeconds(30);

    private readonly SoakCounts _counts = setting.Counts;

    /// <summary>Starts them; all end after the stop.</summary>
    public Task RunAsync() => Task.WhenAll(
        Start(1, ResetInPublish), Start(2, StopReading), Start(3, FallSilent), Start(4, ShakeHandsSlowly),
        Start(5, LeaveEverything));

    private Task Start(int number, Action<Dice> act)
    {
        var dice = setting.DiceOf(4, number);
        return Task.Factory.StartNew(
            () => Repeat(act, dice), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Repeat(Action<Dice> act, Dice dice)
    {
        while (!stop.WaitHandle.WaitOne(dice.Between(300, 2000)))
        {
            var life = setting.Broker.Life;
            try
            {
                act(dice);
            }
            catch (Exception e) when (e is SocketException or AmqpExpectationException or ObjectDisposedException)
            {
                if (setting.Broker.IsStill(life))
                    setting.Findings.Add($"{act.Method.Name}: {e}");
            }
        }
    }

    /// <summary>A reset in a publish: after the method, the header, a part of the body or of a frame.</summary>
    private void ResetInPublish(Dice dice)
    {
        using var connection = RawConnection.Open(setting.Broker.Amqp);
        connection.OpenChannel(1);
        var queue = connection.NewQueue(1);
        connection.SelectConfirms(1);
        for (var whole = dice.Next(40); whole > 0; whole--)
            connection.Publish(1, "", queue, new byte[dice.Next(2000)], new BasicProperties { DeliveryMode = 2 });
        connection.SendPublishMethod(1, "", queue);
        var stage = dice.Next(4);
        if (stage > 0)
            connection.SendHeader(1, dice.Chance(30) ? 5u << 20 : 10_000u);
        if (stage > 1)
            connection.SendBody(1, new byte[dice.Next(9000)]);
        if (stage > 2)
            connection.Send([Frame.Body, 0, 1, 0, 0]);
        connection.Reset();
        Interlocked.Increment(ref _counts.ResetsInPublish);
    }

    /// <summary>A consumer with megabytes on their way to it that reads none of them.</summary>
    private void StopReading(Dice dice)
    {
        using var connection = RawConnection.Connect(setting.Broker.Amqp);
        connection.Socket.ReceiveBufferSize = 4096;
        connection.Open(new Login());
        connection.OpenChannel(1);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, noAck: dice.Chance(50));
        var body = new byte[64 << 10];
        for (var i = dice.Between(16, 100); i > 0; i--)
            connection.Publish(1, "", queue, body);
        stop.WaitHandle.WaitOne(dice.Between(500, 4000));
        if (dice.Chance(50))
            connection.Reset();
        Interlocked.Increment(ref _counts.Deaf);
    }

    /// <summary>No heartbeat and nothing else from a client that agreed on them, as after a lost wire.</summary>
    private void FallSilent(Dice dice)
    {
        using var connection = RawConnection.Connect(setting.Broker.Amqp);
        connection.Open(new Login(Heartbeat: 1));
        connection.OpenChannel(1);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, exclusive: true);
        if (dice.Chance(50))
            connection.Publish(1, "", queue, new byte[100]);
        ExpectEnd(connection);
        Interlocked.Increment(ref _counts.Silent);
    }

    /// <summary>Three handshakes that stop somewhere on the way.</summary>
    private void ShakeHandsSlowly(Dice dice)
    {
        using var nothing = RawConnection.Connect(setting.Broker.Amqp);
        using var half = RawConnection.Connect(setting.Broker.Amqp);
        using var stuck = RawConnection.Connect(setting.Broker.Amqp);
        var header = Frame.ProtocolHeader.ToArray();
        for (var octet = 0; octet < dice.Between(1, header.Length - 1); octet++)
            half.Send(header.AsSpan(octet, 1));
        if (dice.Chance(50))
            stuck.Handshake(new Login());
        else
            stuck.SendStartOk(new Login());
        foreach (var connection in (RawConnection[])[nothing, half, stuck])
        {
            ExpectEnd(connection);
            Interlocked.Increment(ref _counts.SlowHandshakes);
        }
    }

    /// <summary>Goes without a word, or with one, from channels, consumers, unsettled messages, an own queue.</summary>
    private void LeaveEverything(Dice dice)
    {
        using var connection = RawConnection.Open(setting.Broker.Amqp);
        connection.OpenChannel(1);
        var queue = connection.NewQueue(1);
        for (ushort channel = 2; channel < dice.Between(3, 20); channel++)
        {
            connection.OpenChannel(channel);
            connection.Qos(channel, 3);
            connection.Consume(channel, queue);
        }
        for (var i = dice.Next(50); i > 0; i--)
            connection.Publish(1, "", queue, "left behind");
        Interlocked.Increment(ref _counts.Leavers);
        switch (dice.Next(3))
        {
            case 0:
                connection.Reset();
                break;
            case 1:
                connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
                ExpectEnd(connection);
                break;
            default:
                // Disposing of it is an orderly end of TCP without one of AMQP.
                break;
        }
    }

    private void ExpectEnd(RawConnection connection)
    {
        var since = Stopwatch.GetTimestamp();
        while (connection.TryReceiveAny() is not null)
        {
            if (Stopwatch.GetElapsedTime(since) < EndedWithin)
                continue;
            setting.Findings.Add($"a dead connection is still open after {EndedWithin}: {connection.Name}");
            return;
        }
    }
}
