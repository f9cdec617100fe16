using System.Globalization;
using System.Text;
using Levada.Tests.Host;
using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Crash;

/// <summary>SIGKILL while messages wait for their time, and while it comes.</summary>
public sealed class DelayedKillTests
{
    private const int Exchanges = 3;
    private const int Rounds = 4;
    private const int DelayMaxMs = 400;
    private const string Target = "done";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_confirmed_is_lost_and_nothing_comes_early()
    {
        using var folder = new TempFolder();
        var random = new Random();
        var confirmed = new HashSet<int>();
        var next = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using var broker = await BrokerProcess.StartAsync(folder.Path);
            await using var connection = await ConnectAsync(broker);
            await using var channel = await OpenAsync(connection);
            using var enough = new SemaphoreSlim(0);
            var (wanted, first) = (random.Next(500, 4000), next);
            ulong resolved = 0;
            channel.BasicAcksAsync += (_, ack) =>
            {
                for (; resolved < ack.DeliveryTag; resolved++)
                    confirmed.Add(first + (int)resolved);
                if (resolved >= (ulong)wanted)
                    enough.Release();
                return Task.CompletedTask;
            };
            for (; next < first + wanted; next++)
                await PublishAsync(channel, next, random.Next(1, DelayMaxMs));
            Assert.True(await enough.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
            await broker.KillAsync();
        }
        await using var last = await BrokerProcess.StartAsync(folder.Path);
        Assert.Superset(confirmed, await DrainAsync(last, confirmed));
    }

    private static async Task<IChannel> OpenAsync(IConnection connection)
    {
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false),
            Cancelled);
        await channel.QueueDeclareAsync(Target, true, false, false, cancellationToken: Cancelled);
        for (var i = 0; i < Exchanges; i++)
        {
            await channel.ExchangeDeclareAsync(
                $"delayed-{i}", "x-delayed-message", true, false,
                new Dictionary<string, object?> { ["x-delayed-type"] = "fanout" }, cancellationToken: Cancelled);
            await channel.QueueBindAsync(Target, $"delayed-{i}", "", cancellationToken: Cancelled);
        }
        return channel;
    }

    private static ValueTask PublishAsync(IChannel channel, int number, int delayMs)
    {
        var dueMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + delayMs;
        var properties = new BasicProperties
        {
            Persistent = true,
            Headers = new Dictionary<string, object?> { ["x-delay"] = delayMs, ["due"] = dueMs },
        };
        var body = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        return channel.BasicPublishAsync(
            $"delayed-{number % Exchanges}", "", mandatory: false, properties, body, Cancelled);
    }

    private static async Task<HashSet<int>> DrainAsync(BrokerProcess broker, HashSet<int> wanted)
    {
        await using var connection = await ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var found = new HashSet<int>();
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !found.IsSupersetOf(wanted) && DateTime.UtcNow < deadline;)
        {
            if (await channel.BasicGetAsync(Target, autoAck: true, Cancelled) is not { } message)
            {
                await Task.Delay(20, Cancelled);
                continue;
            }
            Assert.InRange(
                DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), (long)message.BasicProperties.Headers!["due"]!,
                long.MaxValue);
            found.Add(int.Parse(Encoding.ASCII.GetString(message.Body.Span), CultureInfo.InvariantCulture));
        }
        return found;
    }

    private static Task<IConnection> ConnectAsync(BrokerProcess broker) => new ConnectionFactory
    {
        HostName = "127.0.0.1", Port = broker.Amqp.Port, AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync(Cancelled);
}
