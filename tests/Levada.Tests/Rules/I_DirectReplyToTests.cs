using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class I_DirectReplyToTests(BrokerFixture fixture)
{
    private const string ReplyTo = "amq.rabbitmq.reply-to";

    private static readonly BasicProperties AskReply = new() { ReplyTo = ReplyTo };

    [Fact]
    public void I15_a_reply_goes_straight_to_the_channel_that_asked()
    {
        using var client = RawConnection.OpenWithChannel(fixture.Broker);
        using var server = RawConnection.OpenWithChannel(fixture.Broker);
        var requests = server.NewSharedQueue(1);
        var tag = client.Consume(1, ReplyTo, noAck: true);
        client.Publish(1, "", requests, "question", new BasicProperties { ReplyTo = ReplyTo, CorrelationId = "42" });

        server.Consume(1, requests, noAck: true);
        var request = server.ExpectDeliver(1);
        Assert.Equal(("question", "42"), (request.Text, request.Properties.CorrelationId));
        Assert.StartsWith(ReplyTo + ".", request.Properties.ReplyTo, StringComparison.Ordinal);
        server.Publish(1, "", request.Properties.ReplyTo!, "answer", new BasicProperties { CorrelationId = "42" });

        var reply = client.ExpectDeliver(1);
        Assert.Equal(("answer", "42", tag), (reply.Text, reply.Properties.CorrelationId, reply.ConsumerTag));
        Assert.Equal(("", request.Properties.ReplyTo), (reply.Exchange, reply.RoutingKey));
        Assert.Equal(1ul, reply.DeliveryTag);
        Assert.False(reply.Redelivered);
        server.Delete(1, requests);
    }

    [Fact]
    public void I15_the_other_properties_and_the_body_of_a_request_stay()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var requests = connection.NewQueue(1);
        connection.Consume(1, ReplyTo, noAck: true);
        var properties = new BasicProperties
        {
            ContentType = "a/b", Headers = new FieldTable().Add("k", 1), DeliveryMode = 2, CorrelationId = "c",
            ReplyTo = ReplyTo, MessageId = "m", Timestamp = 5, AppId = "app",
        };
        connection.Publish(1, "", requests, new string('x', 300_000), properties);
        var request = connection.ReceiveOne(requests);
        Assert.Equal(new string('x', 300_000), request.Text);
        properties.ReplyTo = request.Properties.ReplyTo;
        Assert.Equal(properties.ToBytes(), request.Properties.ToBytes());
    }

    [Fact]
    public void I15_a_consumer_that_acknowledges_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new BasicConsume(ReplyTo, ""));
        connection.ExpectChannelError(1, 406, "reply consumer cannot acknowledge", MethodId.BasicConsume);
    }

    [Fact]
    public void I15_a_second_reply_consumer_on_a_channel_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        connection.Consume(1, ReplyTo, noAck: true);
        connection.Consume(2, ReplyTo, noAck: true);
        connection.Send(1, new BasicConsume(ReplyTo, "", NoAck: true));
        connection.ExpectChannelError(1, 406, "reply consumer already set", MethodId.BasicConsume);
    }

    [Fact]
    public void I15_a_request_without_a_reply_consumer_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        connection.Consume(2, ReplyTo, noAck: true); // does not count for channel 1
        connection.Publish(1, "", "q", "x", AskReply);
        connection.ExpectChannelError(1, 406, "fast reply consumer does not exist", MethodId.BasicPublish);
    }

    [Fact]
    public void I15_a_cancelled_reply_consumer_makes_room_for_another()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Cancel(1, connection.Consume(1, ReplyTo, noAck: true));
        var queue = connection.NewQueue(1);
        connection.Consume(1, ReplyTo, noAck: true);
        connection.Publish(1, "", queue, "x", AskReply);
        Assert.Equal("x", connection.Get(1, queue).Text);
    }

    [Fact]
    public void I15_a_reply_to_a_channel_that_is_gone_comes_back()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var requests = connection.NewQueue(1);
        connection.Consume(2, ReplyTo, noAck: true);
        connection.Publish(2, "", requests, "question", AskReply);
        var address = connection.ReceiveOne(requests).Properties.ReplyTo!;
        connection.Publish(1, "", address, "in time");
        Assert.Equal("in time", connection.ExpectDeliver(2).Text);

        connection.CloseChannel(2);
        connection.Publish(1, "", address, "too late", mandatory: true);
        var returned = connection.ExpectReturn(1);
        Assert.Equal((312, "too late"), (returned.ReplyCode, returned.Text));
        connection.Publish(1, "", address, "too late and nobody cares");
        connection.OpenChannel(2);
        connection.Consume(2, ReplyTo, noAck: true);
        connection.Publish(1, "", address, "to the wrong one", mandatory: true);
        Assert.Equal("to the wrong one", connection.ExpectReturn(1).Text);
    }

    [Fact]
    public void I15_a_reply_is_confirmed()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var requests = connection.NewQueue(1);
        connection.Consume(2, ReplyTo, noAck: true);
        connection.Publish(2, "", requests, "question", AskReply);
        var address = connection.ReceiveOne(requests).Properties.ReplyTo!;
        connection.OpenChannel(3);
        connection.SelectConfirms(3);
        connection.Publish(3, "", address, "answer");
        if (connection.Peek().Is<BasicAck>())
        {
            connection.ExpectConfirms(3, 1);
            connection.ExpectDeliveries(2, "answer");
        }
        else
        {
            connection.ExpectDeliveries(2, "answer");
            connection.ExpectConfirms(3, 1);
        }
    }

    [Fact]
    public void I15_a_passive_declare_tells_whether_the_requester_is_there()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var requests = connection.NewQueue(1);
        connection.Consume(2, ReplyTo, noAck: true);
        connection.Publish(2, "", requests, "question", AskReply);
        var address = connection.ReceiveOne(requests).Properties.ReplyTo!;
        Assert.Equal(address, connection.DeclareQueue(1, address, passive: true).Queue);
        connection.CloseChannel(2);
        connection.Send(1, new QueueDeclare(address, Passive: true));
        connection.ExpectChannelError(1, 404, $"no queue '{address}' in vhost '/'", MethodId.QueueDeclare);
    }

    [LevadaFact]
    public void I15_a_foreign_address_that_looks_like_one_leads_nowhere()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Publish(1, "", ReplyTo + ".g2dkABByZXBseUAxMjM0NTY3OAAAAAEAAAAAAAAAAQ==.invented", "x",
            mandatory: true);
        Assert.Equal("x", connection.ExpectReturn(1).Text);
        connection.Publish(1, "", ReplyTo + ".", "y", mandatory: true);
        Assert.Equal("y", connection.ExpectReturn(1).Text);
    }

    [LevadaFact]
    public void I15_the_other_name_of_the_pseudo_queue_works_too()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var requests = connection.NewQueue(1);
        connection.Consume(2, "amq.direct.reply-to", noAck: true);
        connection.Publish(2, "", requests, "question", new BasicProperties { ReplyTo = "amq.direct.reply-to" });
        connection.Publish(1, "", connection.ReceiveOne(requests).Properties.ReplyTo!, "answer");
        Assert.Equal("answer", connection.ExpectDeliver(2).Text);
    }
}
