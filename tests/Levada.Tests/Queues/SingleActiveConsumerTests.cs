using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>x-single-active-consumer and x-priority: who is next when the active one goes.</summary>
public sealed class SingleActiveConsumerTests
{
    private const string SingleActive = "x-single-active-consumer";

    [Fact]
    public async Task The_one_that_came_next_takes_over_however_the_active_one_goes()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection);
        using var lost = RawConnection.OpenWithChannel(broker);
        lost.Consume(1, queue, "lost");
        foreach (ushort channel in (ReadOnlySpan<ushort>)[2, 3, 4])
        {
            connection.OpenChannel(channel);
            connection.Qos(channel, 1);
            connection.Consume(channel, queue, $"{channel}");
        }
        connection.Publish(1, "", queue, "a");
        Assert.Equal("a", lost.ExpectDeliver(1).Text);
        lost.Reset();
        var held = connection.ExpectDeliver(2);
        Assert.Equal(("a", true), (held.Text, held.Redelivered));
        // Cancelled, it keeps what it holds; the next one gets what comes.
        connection.Cancel(2, "2");
        connection.Publish(1, "", queue, "b");
        Assert.Equal("b", connection.ExpectDeliver(3).Text);
        connection.Send(2, new BasicReject(held.DeliveryTag, true));
        Assert.Equal(1u, connection.Count(1, queue));
        // A channel that closes gives back what it holds, in its old place.
        connection.Send(3, new ChannelClose(200, "bye", 0, 0));
        while (!connection.Peek().Is<BasicDeliver>())
            connection.Expect<ChannelCloseOk>(3);
        held = connection.ExpectDeliver(4);
        Assert.Equal(("a", "4"), (held.Text, held.ConsumerTag));
        connection.Send(4, new BasicAck(held.DeliveryTag));
        while (!connection.Peek().Is<BasicDeliver>())
            connection.Expect<ChannelCloseOk>(3);
        Assert.Equal("b", connection.ExpectDeliver(4).Text);
    }

    [Fact]
    public async Task Of_those_that_wait_the_one_with_the_highest_priority_is_next()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection);
        Consume(connection, queue, "active", 0);
        Consume(connection, queue, "low", -1);
        Consume(connection, queue, "high", 7);
        Consume(connection, queue, "high too", 7);
        connection.Publish(1, "", queue, "a");
        Assert.Equal("active", connection.ExpectDeliver(1).ConsumerTag);
        foreach (var (gone, next) in (ReadOnlySpan<(string, string)>)
            [("active", "high"), ("high", "high too"), ("high too", "low")])
        {
            connection.Cancel(1, gone);
            connection.Publish(1, "", queue, "b");
            Assert.Equal(next, connection.ExpectDeliver(1).ConsumerTag);
        }
    }

    [Fact]
    public async Task One_that_waits_goes_without_a_change_and_get_is_nobodys()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection);
        connection.Qos(1, 1);
        connection.Consume(1, queue, "active");
        connection.Consume(1, queue, "waiting");
        connection.Cancel(1, "waiting");
        connection.Publish(1, "", queue, "a");
        connection.Publish(1, "", queue, "b");
        Assert.Equal("active", connection.ExpectDeliver(1).ConsumerTag);
        Assert.Equal("b", connection.Get(1, queue).Text);
    }

    [Theory]
    [InlineData("yes")]
    [InlineData(1)]
    public async Task An_argument_that_is_no_bool_is_refused(object value)
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var name = TestBroker.Name("queue");
        connection.Send(1, new QueueDeclare(name, Exclusive: true, Arguments: new FieldTable().Add(
            SingleActive, value is string text ? FieldValue.String(text) : FieldValue.Int((int)value))));
        connection.ExpectChannelError(
            1, 406, $"invalid arg '{SingleActive}' for queue '{name}' in vhost '/'", MethodId.QueueDeclare);
    }

    [Fact]
    public async Task A_consumers_priority_may_be_any_integer()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        FieldValue[] priorities =
        [
            FieldValue.Long(long.MinValue), FieldValue.Integer(FieldType.SignedShort, -3),
            FieldValue.Integer(FieldType.UnsignedByte, 5), FieldValue.Int(1000), FieldValue.Long(long.MaxValue),
        ];
        foreach (var priority in priorities)
        {
            connection.Consume(
                1, queue, $"{priority}", arguments: new FieldTable().Add("x-priority", priority));
        }
        for (var i = priorities.Length - 1; i >= 0; i--)
        {
            connection.Publish(1, "", queue, "a");
            Assert.Equal($"{priorities[i]}", connection.ExpectDeliver(1).ConsumerTag);
            connection.Cancel(1, $"{priorities[i]}");
        }
        connection.Send(1, new BasicConsume(queue, "a", Arguments: new FieldTable().Add("x-priority", true)));
        connection.ExpectChannelError(
            1, 406, $"invalid arg 'x-priority' for queue '{queue}' in vhost '/'", MethodId.BasicConsume);
    }

    private static string Declare(RawConnection connection) => connection.DeclareQueue(
        1, TestBroker.Name("queue"), autoDelete: true, arguments: new FieldTable().Add(SingleActive, true)).Queue;

    private static void Consume(RawConnection connection, string queue, string tag, int priority) =>
        connection.Consume(1, queue, tag, arguments: new FieldTable().Add("x-priority", FieldValue.Int(priority)));
}
