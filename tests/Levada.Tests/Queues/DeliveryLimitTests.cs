using Levada.Protocol;
using Levada.Tests.Host;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>x-delivery-limit and x-delivery-count: which attempts count, and that none is forgotten.</summary>
public sealed class DeliveryLimitTests
{
    private const string Header = "x-delivery-count";

    [Fact]
    public async Task Each_time_it_is_given_back_as_failed_counts_and_one_more_than_the_limit_ends_it()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection, limit: 2);
        connection.Publish(1, "", queue, "a", new BasicProperties
        {
            AppId = "app", Headers = new FieldTable().Add("mine", 1).Add(Header, "forged"),
        });
        Assert.Equal("forged", Of(connection.Get(1, queue), Header).AsString);
        connection.Send(1, new BasicNack(1, false, true));
        for (var failed = 1; failed <= 2; failed++)
        {
            var message = connection.Get(1, queue);
            Assert.Equal((true, "a", "app"), (message.Redelivered, message.Text, message.Properties.AppId));
            Assert.Equal(FieldValue.Long(failed), Of(message, Header));
            Assert.Equal(FieldValue.Int(1), Of(message, "mine"));
            connection.Send(1, new BasicReject(message.DeliveryTag, true));
        }
        connection.GetNothing(1, queue);
    }

    [Fact]
    public async Task A_close_in_order_and_recover_are_no_failures()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection, limit: 0);
        connection.Publish(1, "", queue, "a");
        connection.OpenChannel(2);
        Assert.False(connection.Get(2, queue).Redelivered);
        connection.Send(2, new BasicRecover(true));
        connection.Expect<BasicRecoverOk>(2);
        connection.Get(2, queue);
        connection.CloseChannel(2);
        var other = RawConnection.OpenWithChannel(broker);
        other.Get(1, queue);
        other.Close();
        var message = connection.Get(1, queue);
        Assert.Equal((true, null), (message.Redelivered, message.Properties.Headers));
    }

    [Fact]
    public async Task A_client_that_is_lost_has_failed()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection, limit: 1);
        connection.Publish(1, "", queue, "a");
        connection.Consume(1, queue, "mine");
        Assert.Equal("a", connection.ExpectDeliver(1).Text);
        connection.Cancel(1, "mine");
        connection.Send(1, new BasicRecover(true));
        connection.Expect<BasicRecoverOk>(1);
        for (var i = 0; i < 2; i++)
        {
            using var lost = RawConnection.OpenWithChannel(broker);
            lost.Consume(1, queue);
            var message = lost.ExpectDeliver(1);
            Assert.Equal(i > 0, message.Properties.Headers?.Contains(Header) ?? false);
            lost.Reset();
        }
        await broker.UntilAsync(static o => o.Messages.DroppedByDeliveries == 1);
        connection.GetNothing(1, queue);
    }

    [Fact]
    public async Task A_plain_queue_counts_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "a");
        connection.Send(1, new BasicNack(connection.Get(1, queue).DeliveryTag, false, true));
        var message = connection.Get(1, queue);
        Assert.Equal((true, null), (message.Redelivered, message.Properties.Headers));
    }

    [Fact]
    public async Task A_quorum_queue_counts_without_a_limit()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.DeclareQueue(
            1, TestBroker.Name("queue"), durable: true,
            arguments: new FieldTable().Add("x-queue-type", "quorum").Add("x-delivery-limit", -1)).Queue;
        connection.Consume(1, queue);
        connection.Publish(1, "", queue, "a", new BasicProperties { DeliveryMode = 2 });
        for (var failed = 0; failed < 25; failed++)
        {
            var message = connection.ExpectDeliver(1);
            Assert.Equal(failed, failed == 0 ? 0 : Of(message, Header).AsLong);
            connection.Send(1, new BasicNack(message.DeliveryTag, false, true));
        }
        connection.ExpectDeliver(1);
        connection.Delete(1, queue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counts_and_marks_outlive_the_broker(bool isKilled)
    {
        using var folder = new TempFolder();
        const string queue = "limited";
        var arguments = new FieldTable().Add("x-delivery-limit", 5);
        var persistent = new BasicProperties { DeliveryMode = 2 };
        await using (var broker = await BrokerProcess.StartAsync(folder.Path))
        {
            using var connection = RawConnection.Open(broker.Amqp);
            connection.OpenChannel(1);
            connection.DeclareQueue(1, queue, durable: true, arguments: arguments);
            connection.Fill(queue, persistent, "failed", "fresh", "held");
            for (var i = 0; i < 3; i++)
                connection.Send(1, new BasicNack(connection.Get(1, queue).DeliveryTag, false, true));
            // Written and confirmed behind all that.
            connection.Fill(queue, persistent, "last");
            if (isKilled)
                await broker.KillAsync();
            else
                Assert.Equal(0, await broker.StopAsync());
        }
        await using var again = await BrokerProcess.StartAsync(folder.Path);
        using var later = RawConnection.Open(again.Amqp);
        later.OpenChannel(1);
        var message = later.Get(1, queue);
        Assert.Equal(
            ("failed", true, 3), (message.Text, message.Redelivered, Of(message, Header).AsLong));
        message = later.Get(1, queue);
        Assert.Equal(("fresh", isKilled, null), (message.Text, message.Redelivered, message.Properties.Headers));
    }

    private static FieldValue Of(RawMessage message, string header)
    {
        Assert.True(message.Properties.Headers!.TryGet(header, out var value), $"no {header}");
        return value;
    }

    private static string Declare(RawConnection connection, int limit) => connection.DeclareQueue(
        1, TestBroker.Name("queue"),
        arguments: new FieldTable().Add("x-delivery-limit", FieldValue.Int(limit))).Queue;
}
