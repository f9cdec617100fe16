using System.Globalization;
using System.Text;
using Levada.Tests.Host;
using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Crash;

/// <summary>
/// Lives of a broker that end by SIGKILL while messages go on to a queue by themselves: what was confirmed must come
/// there in the end.
/// </summary>
internal static class ForwardingRounds
{
    public const string Target = "target";

    private const int Rounds = 4;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="declare">All but the target.</param>
    /// <param name="publish">A message that goes on to the target, with its number as the body.</param>
    /// <param name="check">What must be true of one that has come.</param>
    public static async Task RunAsync(
        Func<IChannel, Task> declare, Func<IChannel, int, byte[], ValueTask> publish, Action<BasicGetResult> check)
    {
        using var folder = new TempFolder();
        var random = new Random();
        var confirmed = new HashSet<int>();
        var next = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using var broker = await BrokerProcess.StartAsync(folder.Path);
            await using var connection = await ConnectAsync(broker);
            await using var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(
                    publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), Cancelled);
            await channel.QueueDeclareAsync(Target, true, false, false, cancellationToken: Cancelled);
            await declare(channel);
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
                await publish(channel, next, Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
            Assert.True(await enough.WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
            await broker.KillAsync();
        }
        await using var last = await BrokerProcess.StartAsync(folder.Path);
        Assert.Superset(confirmed, await DrainAsync(last, confirmed, check));
    }

    private static async Task<HashSet<int>> DrainAsync(
        BrokerProcess broker, HashSet<int> wanted, Action<BasicGetResult> check)
    {
        await using var connection = await ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var found = new HashSet<int>();
        // What was still on its way at the crash comes in its own time.
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !found.IsSupersetOf(wanted) && DateTime.UtcNow < deadline;)
        {
            if (await channel.BasicGetAsync(Target, autoAck: true, Cancelled) is not { } message)
            {
                await Task.Delay(20, Cancelled);
                continue;
            }
            check(message);
            found.Add(int.Parse(Encoding.ASCII.GetString(message.Body.Span), CultureInfo.InvariantCulture));
        }
        return found;
    }

    private static Task<IConnection> ConnectAsync(BrokerProcess broker) => new ConnectionFactory
    {
        HostName = "127.0.0.1", Port = broker.Amqp.Port, AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync(Cancelled);
}
