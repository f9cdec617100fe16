using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class I_PropertiesTests(BrokerFixture fixture)
{
    [Fact]
    public void I11_a_user_id_of_somebody_else_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Publish(1, "", "q", "x", new BasicProperties { UserId = "mallory" });
        connection.ExpectChannelError(
            1, 406, "user_id property set to 'mallory' but authenticated user was 'guest'", MethodId.BasicPublish);
    }

    [Fact]
    public void I11_the_own_user_id_is_carried_along()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "x", new BasicProperties { UserId = "guest" });
        Assert.Equal("guest", connection.Get(1, queue).Properties.UserId);
    }

    [Fact]
    public void I11_an_impersonator_may_name_somebody_else()
    {
        var user = TestUser.Create(fixture.Broker, ".*", ".*", ".*", tags: "impersonator");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "x", new BasicProperties { UserId = "mallory" });
        Assert.Equal("mallory", connection.Get(1, queue).Properties.UserId);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("10 ")]
    public void I12_an_expiration_that_is_no_number_of_milliseconds_is_406(string expiration)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "x", new BasicProperties { Expiration = expiration });
        connection.ExpectChannelError(1, 406, $"invalid expiration '{expiration}': ", MethodId.BasicPublish);
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [Fact]
    public void I12_a_good_expiration_is_carried_along()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "x", new BasicProperties { Expiration = "4294967295" });
        Assert.Equal("4294967295", connection.Get(1, queue).Properties.Expiration);
    }

    [Fact]
    public void I13_CC_and_BCC_route_to_further_keys_and_BCC_is_taken_out()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        string[] queues = [.. Enumerable.Range(0, 4).Select(_ => connection.NewQueue(1))];
        var headers = new FieldTable()
            .Add("before", 1)
            .Add("BCC", FieldValue.Array(FieldValue.String(queues[3])))
            .Add("CC", FieldValue.Array(FieldValue.String(queues[1]), FieldValue.String(queues[2])))
            .Add("after", "x");
        connection.Publish(1, "", queues[0], "x", new BasicProperties { Headers = headers, MessageId = "m" });
        foreach (var queue in queues)
        {
            var message = connection.Get(1, queue);
            Assert.Equal(queues[0], message.RoutingKey);
            Assert.Equal("m", message.Properties.MessageId);
            Assert.NotNull(message.Properties.Headers);
            Assert.False(message.Properties.Headers.Contains("BCC"));
            Assert.Equal(3, message.Properties.Headers.Count);
            Assert.True(message.Properties.Headers.Contains("CC"));
        }
    }

    [Fact]
    public void I13_copies_are_made_whatever_the_messages_before_with_the_same_key_asked_for()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var (queue, copy) = (connection.NewQueue(1), connection.NewQueue(1));
        var plain = new BasicProperties { Headers = new FieldTable().Add("kind", "plain") };
        var carbon = new FieldTable().Add("CC", FieldValue.Array(FieldValue.String(copy)));
        var copied = new BasicProperties { Headers = carbon };
        connection.Publish(1, "", queue, "1");
        connection.Publish(1, "", queue, "2", plain);
        connection.Publish(1, "", queue, "3", copied);
        connection.Publish(1, "", queue, "4", plain);
        connection.Publish(1, "", queue, "5");
        connection.Publish(1, "", queue, "6", copied);
        Assert.Equal("1 2 3 4 5 6", connection.Drain(1, queue));
        Assert.Equal("3 6", connection.Drain(1, copy));
    }

    [Fact]
    public void I13_a_queue_named_twice_gets_the_message_once()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        var headers = new FieldTable().Add("CC", FieldValue.Array(FieldValue.String(queue), FieldValue.String(queue)));
        connection.Publish(1, "", queue, "x", new BasicProperties { Headers = headers });
        Assert.Equal("x", connection.Drain(1, queue));
    }

    [Theory]
    [InlineData("CC")]
    [InlineData("BCC")]
    public void I13_a_copy_header_that_is_no_array_is_406_and_silences_the_channel(string header)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.InOneWrite(() =>
        {
            connection.Publish(1, "", "q", "x",
                new BasicProperties { Headers = new FieldTable().Add(header, "a string") });
            connection.Send(1, new BasicQos(0, 1));
        });
        connection.ExpectChannelError(1, 406, "", MethodId.BasicPublish);
    }

    [LevadaTheory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public void I14_a_delivery_mode_other_than_1_and_2_is_transient(byte mode)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SelectConfirms(1);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "x", new BasicProperties { DeliveryMode = mode });
        connection.ExpectConfirms(1, 1);
        Assert.Equal(mode, connection.Get(1, queue).Properties.DeliveryMode);
    }

    [Fact]
    public void I16_publishing_by_the_default_exchange_needs_write_on_amq_default()
    {
        var refused = TestUser.Create(fixture.Broker, ".*", "^(?!amq.default$).*", ".*");
        using (var connection = RawConnection.OpenWithChannel(fixture.Broker, refused.Login))
        {
            connection.Publish(1, "", "q", "x");
            connection.ExpectRefused(1, "write", "exchange 'amq.default' in vhost '/'", refused, MethodId.BasicPublish);
        }
        var allowed = TestUser.Create(fixture.Broker, ".*", "^amq\\.default$", ".*");
        using (var connection = RawConnection.OpenWithChannel(fixture.Broker, allowed.Login))
        {
            var queue = connection.NewQueue(1);
            connection.Publish(1, "", queue, "x");
            Assert.Equal("x", connection.Get(1, queue).Text);
        }
    }
}
