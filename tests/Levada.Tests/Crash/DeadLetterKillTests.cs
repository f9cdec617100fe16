using System.Globalization;
using System.Text;
using Levada.Tests.Host;
using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Crash;

/// <summary>SIGKILL while messages expire and go on to another queue, of other shards too.</summary>
public sealed class DeadLetterKillTests
{
    private const int Sources = 4;
    private const int Rounds = 4;
    private const string Target = "dead";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_confirmed_is_lost_between_two_queues()
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
                await PublishAsync(channel, next);
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
        for (var i = 0; i < Sources; i++)
        {
            await channel.QueueDeclareAsync($"source-{i}", true, false, false, new Dictionary<string, object?>
            {
                ["x-message-ttl"] = 20, ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = Target,
            }, cancellationToken: Cancelled);
        }
        return channel;
    }

    private static ValueTask PublishAsync(IChannel channel, int number) => channel.BasicPublishAsync(
        "", $"source-{number % Sources}", mandatory: false, new BasicProperties { Persistent = true },
        Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)), Cancelled);

    private static async Task<HashSet<int>> DrainAsync(BrokerProcess broker, HashSet<int> wanted)
    {
        await using var connection = await ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var found = new HashSet<int>();
        // What was still in its queue at the crash expires now, and comes in its own time.
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !found.IsSupersetOf(wanted) && DateTime.UtcNow < deadline;)
        {
            if (await channel.BasicGetAsync(Target, autoAck: true, Cancelled) is not { } message)
            {
                await Task.Delay(20, Cancelled);
                continue;
            }
            Assert.True(message.BasicProperties.Headers!.ContainsKey("x-death"));
            found.Add(int.Parse(Encoding.ASCII.GetString(message.Body.Span), CultureInfo.InvariantCulture));
        }
        return found;
    }

    private static Task<IConnection> ConnectAsync(BrokerProcess broker) => new ConnectionFactory
    {
        HostName = "127.0.0.1", Port = broker.Amqp.Port, AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync(Cancelled);
}
