using Levada.Amqp;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Cases N10 and N13: after any kind of coming and going every count is exact, and at zero again.</summary>
public sealed class N_ChurnTests
{
    [LevadaFact]
    public async Task N13_connections_and_channels_that_end_in_every_way_leave_counts_of_exactly_zero()
    {
        const int Rounds = 400;
        await using var broker = await TestBroker.StartAsync(o => o.ConnectionMaxPerAddress = 1_000);
        await Parallel.ForAsync(0, 4, TestContext.Current.CancellationToken, (worker, _) =>
        {
            for (var i = 0; i < Rounds; i++)
                ComeAndGo(broker, worker + i);
            return ValueTask.CompletedTask;
        });
        await broker.UntilAsync(o => o is { Connections: 0, Channels: 0, Consumers: 0, Queues: 0 });
        await broker.UntilAsync(_ => !broker.Broker.Connections.All.Any());

        var usage = broker.Broker.Connections.TakeUsage();
        Assert.All(usage, static u => Assert.Equal((0, 0), (u.Total.Connections, u.Total.Channels)));
        var node = usage.Single(static u => u.Kind == UsageKind.Node).Total;
        foreach (var kind in (UsageKind[])[UsageKind.VHost, UsageKind.User, UsageKind.Product])
            Assert.Equal(node, Sum(usage, kind));
        // Of eight ways to go three get as far as connection.open-ok, and a fourth if it is quick.
        Assert.InRange(node.ConnectionsOpened, Rounds * 4 * 3 / 8, Rounds * 4 / 2);
        Assert.InRange(Sum(usage, UsageKind.Address).ConnectionsOpened, Rounds * 4 * 3 / 4, Rounds * 4);
        Assert.True(node.ChannelsOpened > Rounds, "channels were opened");
        Assert.Equal(default, broker.Broker.TakeSnapshot().Held);
    }

    // One of eight ways to go.
    private static void ComeAndGo(TestBroker broker, int way)
    {
        using var connection = RawConnection.Connect(broker);
        switch (way % 8)
        {
            case 0:
                connection.Reset();
                break;
            case 1:
                connection.Send(Frame.ProtocolHeader);
                connection.Reset();
                break;
            case 2:
                connection.SendStartOk(new Login());
                connection.Reset();
                break;
            case 3:
                connection.Handshake(new Login());
                connection.Send(0, new ConnectionOpen("nope"));
                connection.ExpectConnectionError(530, "NOT_ALLOWED - vhost nope not found", MethodId.ConnectionOpen);
                break;
            default:
                connection.Handshake(new Login());
                connection.Send(0, new ConnectionOpen("/"));
                if (way % 8 != 4)
                    connection.Expect<ConnectionOpenOk>(0);
                UseAndGo(connection, way % 8);
                break;
        }
    }

    private static void UseAndGo(RawConnection connection, int way)
    {
        switch (way)
        {
            case 4:
                connection.Reset(); // perhaps before it was open
                break;
            case 5:
                for (ushort n = 1; n <= 5; n++) connection.OpenChannel(n);
                connection.Consume(1, connection.NewQueue(1));
                connection.Reset();
                break;
            case 6:
                connection.OpenChannel(1);
                connection.Send(1, new BasicAck(7));
                connection.ExpectChannelError(1, 406, "unknown delivery tag 7", MethodId.BasicAck);
                connection.OpenChannel(2);
                connection.Send(2, new QueueDeclare("missing", Passive: true));
                connection.Reset(); // the server's close is not answered
                break;
            default:
                connection.OpenChannel(1);
                connection.NewQueue(1);
                connection.Send(1, new ChannelOpen());
                connection.ExpectConnectionError(
                    504, "CHANNEL_ERROR - second 'channel.open' seen", MethodId.ChannelOpen);
                break;
        }
    }

    [LevadaFact]
    public async Task N10_who_goes_may_come_back_at_once_however_it_went()
    {
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.ConnectionMaxPerUser = o.ConnectionMaxPerAddress = 1;
            o.ChannelMaxPerUser = 2;
        });
        for (var i = 0; i < 100; i++)
        {
            using var connection = RawConnection.OpenWithChannel(broker);
            var queue = connection.DeclareQueue(1, "same name each time", exclusive: true).Queue;
            connection.Consume(1, queue);
            connection.Publish(1, "", queue, "x");
            connection.ExpectDeliver(1);
            switch (i % 3)
            {
                case 0:
                    connection.Close();
                    break;
                case 1:
                    // Closed by the server for a mistake: its end of the stream is the last that the client sees.
                    connection.Send(1, new ChannelOpen());
                    connection.ExpectConnectionError(
                        504, "CHANNEL_ERROR - second 'channel.open' seen", MethodId.ChannelOpen);
                    break;
                default:
                    // Closed by an operator.
                    broker.Broker.Connections.All.Single(c => c.Name == connection.Name).CloseForced("go");
                    connection.ExpectConnectionError(320, "CONNECTION_FORCED - go", 0);
                    break;
            }
        }
    }

    [LevadaFact]
    public async Task More_sockets_than_twice_the_limit_of_an_address_are_not_answered()
    {
        await using var broker = await TestBroker.StartAsync(o => o.ConnectionMaxPerAddress = 2);
        var silent = Enumerable.Range(0, 4).Select(_ => RawConnection.Connect(broker)).ToList();
        await broker.UntilAsync(_ => broker.Broker.Connections.All.Count() == 4);
        using (var fifth = RawConnection.Connect(broker))
            fifth.ExpectEnd();
        foreach (var connection in silent) connection.Dispose();
        await broker.UntilAsync(_ => !broker.Broker.Connections.All.Any());
        using var later = RawConnection.Open(broker);
    }

    [LevadaFact]
    public async Task Products_are_bounded_and_their_sum_is_right()
    {
        const int Connections = 250;
        await using var broker = await TestBroker.StartPrivateAsync();
        var open = new List<RawConnection>();
        for (var i = 0; i < Connections; i++)
        {
            var properties = new FieldTable().Add("product", $"product {i}");
            open.Add(RawConnection.OpenWithChannel(broker, new Login { ClientProperties = properties }));
        }
        var products = broker.Broker.Connections.TakeUsage().Where(static u => u.Kind == UsageKind.Product).ToList();
        Assert.InRange(products.Count, 2, 101);
        Assert.Equal((Connections, Connections), (products.Sum(static p => p.Total.Connections), Channels(products)));
        foreach (var connection in open) connection.Dispose();
        await broker.UntilAsync(static o => o.Connections == 0);
        Assert.All(
            broker.Broker.Connections.TakeUsage(),
            static u => Assert.Equal((0, 0), (u.Total.Connections, u.Total.Channels)));

        static long Channels(List<UsageSnapshot> all) => all.Sum(static p => p.Total.Channels);
    }

    private static Churn Sum(IReadOnlyList<UsageSnapshot> usage, UsageKind kind) =>
        usage.Where(u => u.Kind == kind).Aggregate(default(Churn), static (sum, u) => sum + u.Total);
}
