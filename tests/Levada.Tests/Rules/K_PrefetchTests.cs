using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class K_PrefetchTests(BrokerFixture fixture)
{
    [Fact]
    public void K7_a_prefetch_holds_for_each_consumer_of_the_channel()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2", "3", "4");
        connection.Qos(1, 2);
        connection.Consume(1, queue, "a");
        connection.ExpectDeliveries(1, "0", "1");
        connection.Consume(1, queue, "b");
        connection.ExpectDeliveries(1, "2", "3");
        Assert.Equal(1u, connection.Count(1, queue));
        connection.Send(1, new BasicAck(3));
        Assert.Equal("b", connection.ExpectDeliver(1).ConsumerTag);
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [Fact]
    public void K7_a_new_prefetch_is_for_later_consumers_only()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2", "3", "4", "5");
        connection.Qos(1, 1);
        connection.Consume(1, queue, "old");
        connection.ExpectDeliveries(1, "0");
        connection.Qos(1, 3);
        Assert.Equal(5u, connection.Count(1, queue));
        connection.Consume(1, queue, "new");
        connection.ExpectDeliveries(1, "1", "2", "3");
        Assert.Equal(2u, connection.Count(1, queue));
        connection.Send(1, new BasicAck(1));
        var message = connection.ExpectDeliver(1);
        Assert.Equal(("4", "old"), (message.Text, message.ConsumerTag));
        Assert.Equal(1u, connection.Count(1, queue));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void K7_rejecting_makes_room_too(bool requeue)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2");
        connection.Qos(1, 1);
        connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "0");
        connection.Send(1, new BasicReject(1, requeue));
        connection.ExpectDeliveries(1, requeue ? "0" : "1");
        Assert.Equal(requeue ? 2u : 1u, connection.Count(1, queue));
    }

    [Fact]
    public void K7_an_ack_of_several_makes_room_for_as_many()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, [.. Enumerable.Range(0, 20).Select(i => $"{i}")]);
        connection.Qos(1, 5);
        connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "0", "1", "2", "3", "4");
        connection.Send(1, new BasicAck(3, Multiple: true));
        connection.ExpectDeliveries(1, "5", "6", "7");
        connection.Send(1, new BasicAck(0, Multiple: true));
        connection.ExpectDeliveries(1, "8", "9", "10", "11", "12");
        Assert.Equal(7u, connection.Count(1, queue));
    }

    [Fact]
    public void K8_a_global_prefetch_is_shared_by_the_channel_and_changes_at_once()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        connection.Qos(1, 2, global: true);
        connection.Consume(1, queue, "a");
        connection.ExpectDeliveries(1, "0", "1");
        connection.Consume(1, queue, "b");
        Assert.Equal(8u, connection.Count(1, queue));
        connection.Send(1, new BasicQos(0, 4, Global: true));
        // The reply and the two deliveries there is room for now, in whichever order.
        var bodies = new List<string>();
        for (var replied = false; bodies.Count < 2 || !replied;)
        {
            if (connection.Peek().Is<BasicQosOk>())
            {
                connection.Expect<BasicQosOk>(1);
                replied = true;
                continue;
            }
            bodies.Add(connection.ExpectDeliver(1).Text);
        }
        Assert.Equal(["2", "3"], bodies);
        Assert.Equal(6u, connection.Count(1, queue));
        connection.Send(1, new BasicAck(2));
        connection.ExpectDeliveries(1, "4");
        Assert.Equal(5u, connection.Count(1, queue));
    }

    [Fact]
    public void K8_both_limits_hold_together()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        connection.Qos(1, 2);
        connection.Qos(1, 3, global: true);
        connection.Consume(1, queue, "a");
        connection.ExpectDeliveries(1, "0", "1");
        connection.Consume(1, queue, "b");
        connection.ExpectDeliveries(1, "2");
        Assert.Equal(7u, connection.Count(1, queue));
        connection.Send(1, new BasicAck(1));
        connection.ExpectDeliver(1);
        Assert.Equal(6u, connection.Count(1, queue));
    }

    [Fact]
    public void K8_a_global_prefetch_of_another_channel_does_not_count()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2", "3");
        connection.Qos(1, 1, global: true);
        connection.Consume(1, queue, "a");
        connection.ExpectDeliveries(1, "0");
        connection.Consume(2, queue, "b");
        connection.ExpectDeliveries(2, "1", "2", "3");
    }

    [Fact]
    public void K8_get_ignores_the_prefetch()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2");
        connection.Qos(1, 1, global: true);
        connection.Qos(1, 1);
        for (var i = 0; i < 3; i++) Assert.Equal($"{i}", connection.Get(1, queue).Text);
    }

    [Fact]
    public void K9_a_prefetch_of_0_is_no_limit()
    {
        const int count = 3000;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, [.. Enumerable.Range(0, count).Select(i => $"{i}")]);
        connection.Qos(1, 5);
        connection.Qos(1, 0);
        connection.Consume(1, queue);
        for (var i = 0; i < count; i++) Assert.Equal($"{i}", connection.ExpectDeliver(1).Text);
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [LevadaFact]
    public async Task K7_a_channel_that_asks_for_no_prefetch_has_the_configured_one()
    {
        await using var broker = await TestBroker.StartAsync(static options => options.DefaultConsumerPrefetch = 2);
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        for (var i = 0; i < 4; i++)
            connection.Publish(1, "", queue, "body");
        connection.Consume(1, queue);
        connection.ExpectDeliver(1);
        connection.ExpectDeliver(1);
        Assert.Equal(2u, connection.Count(1, queue));
        // basic.qos goes before it.
        connection.OpenChannel(2);
        connection.Send(2, new BasicQos(0, 0));
        connection.Expect<BasicQosOk>(2);
        connection.Consume(2, queue);
        connection.ExpectDeliver(2);
        connection.ExpectDeliver(2);
    }

    [LevadaFact]
    public void K9_a_prefetch_size_is_540_for_the_channel()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new BasicQos(100, 0));
        connection.ExpectChannelError(1, 540, "prefetch_size!=0 (100)", MethodId.BasicQos);
    }

    [Fact]
    public void K10_a_consumer_without_ack_has_no_limit()
    {
        const int count = 500;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, [.. Enumerable.Range(0, count).Select(i => $"{i}")]);
        connection.Qos(1, 1);
        connection.Qos(1, 1, global: true);
        connection.Consume(1, queue, noAck: true);
        for (var i = 0; i < count; i++) Assert.Equal($"{i}", connection.ExpectDeliver(1).Text);
    }
}
