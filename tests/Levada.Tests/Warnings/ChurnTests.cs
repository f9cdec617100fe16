using Levada.Protocol;
using Levada.Tests.Rules;
using Levada.Warnings;
using Xunit;

namespace Levada.Tests.Warnings;

/// <summary>Connections, channels, consumers and queues that come and go too often, by whom.</summary>
public sealed class ChurnTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Of what is allowed by default a twentieth, with time to match.
    private static void Small(WarningOptions o) =>
        (o.ConnectionRate, o.ChannelRate, o.ConsumerRate, o.QueueRate) = (1, 5, 3, 1);

    [LevadaFact]
    public async Task Channels_opened_and_closed_too_often_are_warned_of_by_user_product_and_connection_name()
    {
        await using var broker = await WatchedBroker.StartAsync(Small);
        using var churning = broker.Open("churner", "lib-a");
        using var ordinary = broker.Open("ordinary", "lib-b");
        broker.Pass(Minute, i =>
        {
            Cycle(churning, 30);
            Cycle(ordinary, i == 3 ? 200 : 2); // much at once is not often
        });
        Assert.Empty(broker.Warnings);
        broker.Pass(WatchedBroker.Step * 2, _ => Cycle(churning, 30));
        Assert.All(broker.Warnings, w => Assert.Equal(WarningName.ChannelChurn, w.Name));
        Assert.Equal(["'churner'", "'guest'", "'lib-a'"], broker.Warnings.Select(w => w.Who.Split(' ')[^1]).Order());
        Assert.Single(broker.Warnings, w => w.ClientName == "churner" && w.User == "" && w.Product == "");
        Assert.All(broker.Warnings, w => Assert.InRange(w.Figures["opened_per_second"], 5, 6.5));
        await broker.Log.WaitForAsync("warning channel_churn: user 'guest':", "are opened and");

        // Less, but not little: it stands. Then it is over.
        broker.Pass(Minute, _ => Cycle(churning, 15));
        Assert.Equal(3, broker.Warnings.Count);
        broker.Pass(WatchedBroker.Step, _ => Cycle(churning, 5));
        Assert.Empty(broker.Warnings);
        await broker.Log.WaitForAsync("warning over: channel_churn: product 'lib-a'");
    }

    [LevadaFact]
    public async Task Connections_that_come_and_go_are_warned_of_and_clients_that_all_come_back_are_not()
    {
        await using var broker = await WatchedBroker.StartAsync(Small);
        var back = new List<RawConnection>();
        try
        {
            broker.Pass(2 * Minute, i =>
            {
                for (var n = 0; n < 7; n++) back.Add(broker.Open("service"));
            });
            Assert.Empty(broker.Warnings);
        }
        finally
        {
            back.ForEach(c => c.Dispose());
        }
        await broker.Test.UntilAsync(o => o.Connections == 0);
        broker.Pass(WatchedBroker.Step);

        broker.Pass(2 * Minute, _ =>
        {
            for (var n = 0; n < 7; n++)
            {
                using var connection = broker.Open("script");
                connection.Close();
            }
        });
        Assert.Equal(3, broker.Warnings.Count(w => w.Name == WarningName.ConnectionChurn));
        Assert.Contains(broker.Warnings, w => w.ClientName == "script");
        broker.Pass(WatchedBroker.Step);
        Assert.Empty(broker.Warnings);
    }

    [LevadaFact]
    public async Task Consumers_and_queues_that_come_and_go_are_warned_of_however_they_end()
    {
        await using var broker = await WatchedBroker.StartAsync(Small);
        using var churning = broker.Open("rpc");
        using var ordinary = broker.Open("worker", "ordinary");
        var mine = ordinary.NewQueue(1);
        broker.Pass(Minute + (WatchedBroker.Step * 2), i =>
        {
            // Queues: deleted, left without consumers, gone with their channel.
            for (var n = 0; n < 6; n++)
            {
                var queue = churning.DeclareQueue(1, autoDelete: n % 2 == 0, exclusive: true).Queue;
                var tag = churning.Consume(1, queue);
                if (n % 2 == 0) churning.Cancel(1, tag);
                else churning.Delete(1, queue);
            }
            churning.OpenChannel(2);
            var shared = churning.NewQueue(1);
            for (var n = 0; n < 15; n++) churning.Consume(2, shared);
            churning.CloseChannel(2);
            churning.Delete(1, shared);
            // Declaring what is there already is no new queue; more consumers are not churn.
            for (var n = 0; n < 20; n++) ordinary.DeclareQueue(1, mine, exclusive: true);
            for (var n = 0; n < 20; n++) ordinary.Consume(1, mine);
        });
        Assert.Equal(3, broker.Warnings.Count(w => w.Name == WarningName.ConsumerChurn));
        Assert.Equal(3, broker.Warnings.Count(w => w.Name == WarningName.QueueChurn));
        Assert.DoesNotContain(broker.Warnings, w => w.ClientName == "worker" || w.Product == "ordinary");
        var queues = broker.Warnings.First(w => w.Name == WarningName.QueueChurn);
        Assert.InRange(queues.Figures["opened_per_second"], 1, 1.5);
        Assert.Equal(queues.Figures["opened_per_second"], queues.Figures["closed_per_second"]);
        broker.Pass(WatchedBroker.Step);
        Assert.Empty(broker.Warnings);
    }

    [LevadaFact]
    public async Task Every_consumer_and_queue_is_counted_once_in_and_once_out()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        var login = new Login { ClientProperties = Login.Properties("basic.nack") };
        using (var connection = RawConnection.OpenWithChannel(broker, login))
        {
            var kept = connection.DeclareQueue(1, "kept", durable: true).Queue;
            var exclusive = connection.NewQueue(1);
            connection.OpenChannel(2);
            connection.Consume(1, kept);
            connection.Cancel(1, connection.Consume(1, kept));
            connection.Consume(2, exclusive, exclusive: true);
            // Refused: it is in exclusive use.
            connection.Send(1, new BasicConsume(exclusive, "", false, false, false, false, null));
            connection.ExpectChannelError(1, 403, "queue", MethodId.BasicConsume);
            connection.Delete(2, exclusive); // ends its consumer
            connection.NewQueue(2);
            Assert.Equal((4, 4), (broker.Broker.Connections.Churn.ConsumersOpened,
                broker.Broker.Connections.Churn.ConsumersClosed));
            connection.Consume(2, kept);
            connection.Close();
        }
        var churn = broker.Broker.Connections.Churn;
        Assert.Equal((5, 5), (churn.ConsumersOpened, churn.ConsumersClosed));
        Assert.Equal((3, 2), (churn.QueuesCreated, churn.QueuesDeleted));
        Assert.Equal((3, 2),
            (broker.Broker.GetOverview().Churn.QueuesCreated, broker.Broker.GetOverview().Churn.QueuesDeleted));
    }

    private static void Cycle(RawConnection connection, int times)
    {
        for (; times > 0; times--)
        {
            connection.OpenChannel(2);
            connection.CloseChannel(2);
        }
    }
}
