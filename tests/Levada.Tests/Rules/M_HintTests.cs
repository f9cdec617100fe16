using System.Text;
using Levada.Amqp;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>RabbitMQ's texts go on to say what to look for in the client, within a short string's 255 octets.</summary>
public sealed class M_HintTests(BrokerFixture fixture)
{
    [LevadaFact]
    public void An_unknown_delivery_tag_tells_why_it_is_unknown()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.Fill(queue, [.. Enumerable.Repeat("x", 9)]);
        Fails("5 (never delivered on channel 1, whose last was 0)", 5);
        connection.Get(2, queue);
        connection.Get(2, queue);
        Fails("2 (never delivered on channel 1; channel 2 has one: settle where it was delivered)", 2);
        connection.Send(1, new BasicAck(connection.Get(1, queue).DeliveryTag));
        Fails("1 (already acknowledged or given back)", 1);
        connection.Get(1, queue, noAck: true);
        Fails("1 (of a consumer without acks: no_ack deliveries are settled as they are sent)", 1);
        connection.Get(1, queue, noAck: true);
        connection.Get(1, queue);
        Fails("1 (already acknowledged or given back, or of a consumer without acks)", 1);
        Fails("0 (0 stands for all that are outstanding, and needs multiple)", 0);
        connection.SelectTx(1);
        connection.Send(1, new BasicAck(connection.Get(1, queue).DeliveryTag));
        Fails("1 (already settled in this transaction)", 1);

        void Fails(string text, ulong tag)
        {
            connection.Send(1, new BasicAck(tag));
            var close = connection.ExpectChannelError(1, 406, "unknown delivery tag", MethodId.BasicAck);
            Assert.Equal($"PRECONDITION_FAILED - unknown delivery tag {text}", close.ReplyText);
        }
    }

    [Theory]
    [InlineData(15, "channel_max")]
    [InlineData(29, "channel_max; 29 of 30 idle for over 10 min: likely a leak")]
    public void Too_many_channels_tell_of_a_leak_if_most_are_idle(int idle, string text) => Assert.Equal(
        $"number of channels opened (30) has reached the negotiated channel_max (30) ({text})",
        Errors.ChannelLimit(30, idle, negotiated: 30, ofBroker: 30).Text);

    [LevadaFact]
    public void A_locked_queue_tells_whose_it_is()
    {
        using var owner = RawConnection.OpenWithChannel(fixture.Broker, new Login
        {
            ClientProperties = Login.Properties().Add("connection_name", "worker-a"),
        });
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = owner.NewQueue(1);
        connection.Send(1, new BasicConsume(queue, ""));
        var close = connection.ExpectChannelError(1, 405, "cannot obtain exclusive", MethodId.BasicConsume);
        Assert.Contains($"(owner {owner.Socket.LocalEndPoint} 'worker-a', connected for ", close.ReplyText,
            StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(close.ReplyText), 1, 255);
        connection.DeclareQueue(1, "shared-" + queue, autoDelete: true);
        connection.Send(1, new QueueDeclare("shared-" + queue, Exclusive: true, AutoDelete: true));
        close = connection.ExpectChannelError(1, 405, "cannot obtain exclusive", MethodId.QueueDeclare);
        Assert.Contains("(it is not exclusive)", close.ReplyText, StringComparison.Ordinal);
        connection.Delete(1, "shared-" + queue);
    }

    [LevadaFact]
    public void A_passive_declare_of_nothing_tells_that_it_closes_the_channel()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new QueueDeclare("missing", Passive: true));
        var close = connection.ExpectChannelError(1, 404, "no queue 'missing' in vhost '/'", MethodId.QueueDeclare);
        Assert.EndsWith("(a passive declare closes its channel when there is none)", close.ReplyText,
            StringComparison.Ordinal);
    }

    [LevadaFact]
    public void A_missing_vhost_tells_how_its_name_is_written()
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        connection.Handshake(new Login());
        connection.Send(0, new ConnectionOpen("//nope"));
        var close = connection.ExpectConnectionError(
            530, "NOT_ALLOWED - vhost //nope not found (it has to be created first", MethodId.ConnectionOpen);
        Assert.EndsWith("a slash in it is written %2F)", close.ReplyText, StringComparison.Ordinal);
    }

    [LevadaFact]
    public void Two_publishes_at_once_on_a_channel_tell_of_the_missing_lock()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "q");
        connection.SendPublishMethod(1, "", "q");
        var close = connection.ExpectConnectionError(
            505, "UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead",
            MethodId.BasicPublish);
        Assert.Contains("interleaved on channel 1", close.ReplyText, StringComparison.Ordinal);
        Assert.Contains("must not be shared", close.ReplyText, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(close.ReplyText), 1, 255);
    }

    [LevadaFact]
    public void A_consumer_tag_in_use_tells_by_whom()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, "a");
        connection.Send(1, new BasicConsume(queue, "a"));
        var close = connection.ExpectConnectionError(
            530, "NOT_ALLOWED - attempt to reuse consumer tag 'a' (on channel 1 it consumes from queue '",
            MethodId.BasicConsume);
        Assert.Contains(queue, close.ReplyText, StringComparison.Ordinal);
    }

    [LevadaFact]
    public void With_the_longest_names_texts_are_cut_and_the_connection_lives()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new QueueDeclare(new string('ü', 127), Passive: true));
        var close = connection.ExpectChannelError(1, 404, "no queue 'üüü", MethodId.QueueDeclare);
        Assert.InRange(Encoding.UTF8.GetByteCount(close.ReplyText), 253, 255);
        connection.NewQueue(1);
    }
}
