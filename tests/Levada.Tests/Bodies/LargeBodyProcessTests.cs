using System.Globalization;
using System.Net.Sockets;
using Levada.Protocol;
using Levada.Tests.Host;
using Levada.Tests.Rules;
using Xunit;
using static Levada.Tests.Bodies.LargeBody;

namespace Levada.Tests.Bodies;

/// <summary>What only a process shows of large bodies: its memory, and what SIGKILL leaves.</summary>
public sealed class LargeBodyProcessTests
{
    [Fact]
    public async Task Messages_of_128_MiB_come_back_whole_and_do_not_grow_the_process_by_a_body()
    {
        const int Size = 128 * MiB, GrowthMax = 64 * MiB;
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        using var connection = RawConnection.Open(broker.Amqp);
        connection.OpenChannel(1);
        connection.DeclareQueue(1, "large", durable: true);
        connection.SelectConfirms(1);
        var before = PeakBytes(broker);
        var hashes = new[] { Stream(connection, 1, "large", 1, Size), Stream(connection, 1, "large", 2, Size) };
        connection.ExpectConfirms(1, hashes.Length);
        connection.Consume(1, "large", noAck: true);
        foreach (var hash in hashes)
        {
            connection.Expect<BasicDeliver>(1);
            Assert.Equal(hash, ReceiveHash(connection, 1));
        }
        Assert.InRange(PeakBytes(broker) - before, 0, GrowthMax);
        await UntilFilesAsync(folder.Path, 0);
    }

    [Fact]
    public async Task Large_messages_that_were_confirmed_survive_kill_9_and_nothing_else_is_left()
    {
        const int Rounds = 4;
        using var folder = new TempFolder();
        var random = new Random(Environment.TickCount);
        var (next, settled) = (0, 0);
        var broker = await BrokerProcess.StartAsync(folder.Path);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                var (begun, confirmed) = await PublishUntilKilledAsync(broker, next, random.Next(3, 12));
                await broker.DisposeAsync();
                broker = await BrokerProcess.StartAsync(folder.Path);
                Assert.DoesNotContain(broker.Log, line => line.Contains("damage", StringComparison.Ordinal));
                using var connection = RawConnection.Open(broker.Amqp);
                connection.OpenChannel(1);
                var found = connection.DeclareQueue(1, "kept", durable: true).MessageCount;
                Assert.InRange((int)found, confirmed - settled, begun - settled);
                Assert.Equal((int)found, Files(folder.Path).Length);
                next = settled + (int)found;
                for (var half = found / 2; half > 0; half--, settled++)
                {
                    var message = connection.Get(1, "kept");
                    Assert.True(message.Body.AsSpan().SequenceEqual(Make(settled, SizeOf(settled))), $"{settled}");
                    connection.Send(1, new BasicAck(message.DeliveryTag));
                }
                Assert.Equal((uint)(next - settled), connection.Count(1, "kept"));
                await UntilFilesAsync(folder.Path, next - settled);
            }
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_body_that_is_missing_or_short_costs_its_message_and_is_named_in_the_log()
    {
        using var folder = new TempFolder();
        await using (var broker = await BrokerProcess.StartAsync(folder.Path))
        {
            using var connection = RawConnection.Open(broker.Amqp);
            connection.OpenChannel(1);
            connection.DeclareQueue(1, "kept", durable: true);
            connection.SelectConfirms(1);
            for (var i = 0; i < 3; i++) connection.Publish(1, "", "kept", Make(i, SizeOf(i)), Persistent);
            connection.ExpectConfirms(1, 3);
            await broker.KillAsync();
        }
        var files = Files(folder.Path).Order(StringComparer.Ordinal).ToArray();
        File.Delete(files[0]);
        await File.WriteAllBytesAsync(files[1], new byte[5], TestContext.Current.CancellationToken);
        File.Copy(files[2], Path.Combine(folder.Path, "bodies", "00000000ffffffff.body"));
        await using (var broker = await BrokerProcess.StartAsync(folder.Path))
        {
            Assert.Single(broker.Log, line => line.Contains("the file is missing", StringComparison.Ordinal));
            Assert.Single(broker.Log, line => line.Contains("5 bytes instead of", StringComparison.Ordinal));
            using var connection = RawConnection.Open(broker.Amqp);
            connection.OpenChannel(1);
            Assert.True(connection.Get(1, "kept").Body.AsSpan().SequenceEqual(Make(2, SizeOf(2))));
            connection.GetNothing(1, "kept");
            await UntilFilesAsync(folder.Path, 1);
        }
    }

    private static int SizeOf(int number) => MiB + 1 + (number * 7919);

    // Returns how many were begun and how many confirmed, from 0 on.
    private static async Task<(int Begun, int Confirmed)> PublishUntilKilledAsync(
        BrokerProcess broker, int next, int killAfter)
    {
        var (begun, confirmed) = (next, next);
        using var connection = RawConnection.Open(broker.Amqp);
        connection.OpenChannel(1);
        connection.DeclareQueue(1, "kept", durable: true);
        connection.SelectConfirms(1);
        var publishing = Task.Run(() =>
        {
            try
            {
                while (true)
                    connection.Publish(1, "", "kept", Make(begun, SizeOf(begun++)), Persistent);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The kill is what ends it.
            }
        });
        while (connection.TryReceive() is { } frame)
        {
            confirmed = next + (int)frame.Method<BasicAck>().DeliveryTag;
            if (confirmed - next >= killAfter)
                break;
        }
        await broker.KillAsync();
        while (connection.TryReceive() is { } frame)
            confirmed = next + (int)frame.Method<BasicAck>().DeliveryTag;
        await publishing;
        return (begun, confirmed);
    }

    private static long PeakBytes(BrokerProcess broker) => long.Parse(
        File.ReadLines($"/proc/{broker.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
}
