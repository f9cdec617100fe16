using Levada.Operations;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Operators act while clients publish, settle and close: nothing is lost, left over or said twice.</summary>
public sealed class OperatorRaceTests
{
    private const int Rounds = 50;

    private static readonly OperatorRequest By = new("guest", "a test");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [LevadaFact]
    public async Task A_channel_closed_by_both_sides_at_once_is_closed_once()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.Open(broker);
        for (var round = 0; round < Rounds; round++)
        {
            connection.OpenChannel(1);
            var acting = Task.Run(() => broker.Broker.Actions.CloseChannelAsync(By, Of(broker, connection), 1), Stop);
            connection.Send(1, new ChannelClose(200, "bye", 0, 0));
            if (connection.Peek().Is<ChannelClose>())
            {
                connection.ExpectChannelClose(1, 406, "PRECONDITION_FAILED - Closed via management plugin", 0);
                connection.Expect<ChannelCloseOk>(1);
                connection.Send(1, new ChannelCloseOk());
            }
            else
            {
                connection.Expect<ChannelCloseOk>(1);
            }
            await acting;
        }
        connection.OpenChannel(1);
        Assert.Equal(1, broker.Broker.GetOverview().Channels);
    }

    [LevadaFact]
    public async Task A_connection_closed_by_both_sides_at_once_ends_and_is_forgotten()
    {
        await using var broker = await TestBroker.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            using var connection = RawConnection.OpenWithChannel(broker);
            var found = Of(broker, connection);
            var acting = Task.Run(() => broker.Broker.Actions.CloseConnectionAsync(By, found), Stop);
            connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
            if (connection.Receive() is var first && first.Is<ConnectionClose>())
                connection.Send(0, new ConnectionCloseOk());
            else
                Assert.True(first.Is<ConnectionCloseOk>(), $"{first}");
            await acting;
        }
        await broker.UntilAsync(static o => o is { Connections: 0, Channels: 0 });
    }

    [LevadaFact]
    public async Task What_was_confirmed_before_an_operator_closed_the_channel_is_there()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.Open(broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        for (var round = 0; round < Rounds / 5; round++)
        {
            connection.OpenChannel(1);
            connection.SelectConfirms(1);
            var acting = Task.Run(() => broker.Broker.Actions.CloseChannelAsync(By, Of(broker, connection), 1), Stop);
            for (var i = 0; i < 500; i++)
                connection.Publish(1, "", queue, "x");
            var confirmed = 0UL;
            for (var frame = connection.Receive(); !frame.Is<ChannelClose>(); frame = connection.Receive())
                confirmed = frame.Method<BasicAck>().DeliveryTag;
            connection.Send(1, new ChannelCloseOk());
            await acting;
            Assert.InRange(connection.Count(2, queue), (uint)confirmed, 500u);
            connection.Send(2, new QueuePurge(queue));
            connection.Expect<QueuePurgeOk>(2);
        }
    }

    [LevadaFact]
    public async Task Requeues_pauses_and_prefetches_while_a_consumer_settles_lose_and_double_nothing()
    {
        const int count = 2000;
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, [.. Enumerable.Range(0, count).Select(static i => $"{i}")]);
        connection.Qos(1, 50);
        var tag = connection.Consume(1, queue);
        var actions = broker.Broker.Actions;
        var found = Of(broker, connection);
        using var over = new CancellationTokenSource();
        var acting = Task.Run(
            async () =>
            {
                for (ushort i = 1; !over.IsCancellationRequested; i = (ushort)((i % 60) + 1))
                {
                    await actions.RequeueUnacknowledgedAsync(By, found, 1);
                    await actions.PauseChannelAsync(By, found, 1);
                    await actions.SetPrefetchAsync(By, found, 1, tag, i);
                    await actions.ResumeChannelAsync(By, found, 1);
                    await Task.Delay(1, Stop);
                }
            },
            Stop);
        var seen = new HashSet<string>();
        // Acks that come after a requeue count for nothing: only what is not delivered again is settled.
        while (seen.Count < count || connection.Socket.Available > 0)
        {
            var message = connection.ExpectDeliver(1);
            seen.Add(message.Text);
            connection.Send(1, new BasicAck(message.DeliveryTag));
        }
        await over.CancelAsync();
        await acting;
        connection.Send(1, new ChannelClose(200, "", 0, 0));
        while (!connection.Receive().Is<ChannelCloseOk>())
        {
        }
        connection.OpenChannel(1);
        var left = D_ChannelCloseTests.TakeAll(connection, 1, queue);
        Assert.Equal(left.Distinct(), left);
        Assert.Equal(0u, connection.Count(1, queue));
        await broker.UntilAsync(static o => o is { MessagesReady: 0, MessagesUnacked: 0 });
    }

    [LevadaFact]
    public async Task A_consumer_cancelled_by_both_sides_at_once_is_gone_and_its_tag_free()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        for (var round = 0; round < Rounds; round++)
        {
            connection.Send(1, new BasicConsume(queue, "tag"));
            var acting = Task.Run(
                () => broker.Broker.Actions.CancelConsumerAsync(By, Of(broker, connection), 1, "tag"), Stop);
            connection.Send(1, new BasicCancel("tag"));
            connection.Expect<BasicConsumeOk>(1);
            if (connection.Peek().Is<BasicCancel>())
                connection.Expect<BasicCancel>(1);
            connection.Expect<BasicCancelOk>(1);
            await acting;
        }
        Assert.Equal(0, (int)connection.DeclareQueue(1, queue, exclusive: true).ConsumerCount);
    }

    private static Levada.Amqp.Connection Of(TestBroker broker, RawConnection connection) =>
        broker.Broker.Connections.All.Single(c => c.Name == connection.Name);
}
