using Levada.Catalog;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class J_QueueTests(BrokerFixture fixture)
{
    [Fact]
    public void J1_an_empty_name_asks_the_server_for_one()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var first = connection.DeclareQueue(1, "", exclusive: true).Queue;
        var second = connection.DeclareQueue(1, "", exclusive: true).Queue;
        Assert.Matches("^amq\\.gen-[A-Za-z0-9_-]{22}$", first);
        Assert.Matches("^amq\\.gen-[A-Za-z0-9_-]{22}$", second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void J1_an_empty_name_elsewhere_means_the_queue_declared_last()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var older = connection.NewQueue(1);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "fanout");
        connection.Bind(1, "", exchange);
        connection.SelectConfirms(1);
        connection.Publish(1, exchange, "", "x");
        connection.ExpectConfirms(1, 1);
        connection.GetNothing(1, older);
        Assert.Equal("x", connection.Get(1, "").Text);
        connection.Send(1, new BasicNack(1, Requeue: true));

        connection.Send(1, new QueuePurge(""));
        Assert.Equal(1u, connection.Expect<QueuePurgeOk>(1).MessageCount);
        connection.Consume(1, "", "tag", noAck: true);
        connection.Publish(1, "", queue, "y");
        Assert.Equal("y", connection.ExpectDeliver(1).Text);
        connection.ExpectConfirms(1, 1, first: 2);
        connection.Send(1, new QueueUnbind("", exchange, ""));
        connection.Expect<QueueUnbindOk>(1);
        connection.Delete(1, "");
    }

    [Fact]
    public void J1_an_empty_routing_key_with_an_empty_queue_name_binds_by_the_name()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "direct");
        connection.Bind(1, "", exchange, "");
        connection.Publish(1, exchange, queue, "x", mandatory: true);
        Assert.Equal("x", connection.ReceiveOne(queue).Text);
    }

    [Fact]
    public void J1_a_name_that_was_asked_for_is_remembered_too()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.NewQueue(1);
        var name = TestBroker.Name("named");
        connection.DeclareQueue(1, name, exclusive: true);
        connection.Fill(name, "x");
        Assert.Equal("x", connection.Get(1, "").Text);
    }

    [Fact]
    public void J1_without_a_declared_queue_an_empty_name_is_404()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new BasicConsume("", ""));
        connection.ExpectChannelError(1, 404, "no previously declared queue", MethodId.BasicConsume);
        connection.Send(1, new BasicGet(""));
        connection.ExpectChannelError(1, 404, "no previously declared queue", MethodId.BasicGet);
        connection.Send(1, new QueueBind("", "amq.direct", "k"));
        connection.ExpectChannelError(1, 404, "no previously declared queue", MethodId.QueueBind);
        connection.Send(1, new QueuePurge(""));
        connection.ExpectChannelError(1, 404, "no previously declared queue", MethodId.QueuePurge);
        connection.Send(1, new QueueDelete(""));
        connection.ExpectChannelError(1, 404, "no previously declared queue", MethodId.QueueDelete);
    }

    [Fact]
    public void J2_a_passive_declare_counts_messages_and_consumers()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2");
        var found = connection.DeclareQueue(1, queue, passive: true);
        Assert.Equal((queue, 3u, 0u), (found.Queue, found.MessageCount, found.ConsumerCount));
        connection.Get(1, queue); // unacknowledged ones are not counted
        connection.Qos(1, 1);
        connection.Consume(1, queue, "a");
        connection.ExpectDeliveries(1, "1");
        connection.Consume(1, queue, "b");
        connection.ExpectDeliveries(1, "2");
        found = connection.DeclareQueue(1, queue, exclusive: true);
        Assert.Equal((queue, 0u, 2u), (found.Queue, found.MessageCount, found.ConsumerCount));
    }

    [LevadaFact]
    public void J2_a_passive_declare_counts_what_the_channel_published_before()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        for (var i = 1u; i <= 200; i++)
        {
            connection.InOneWrite(() =>
            {
                connection.Publish(1, "", queue, "x");
                connection.Send(1, new QueueDeclare(queue, Passive: true));
            });
            Assert.Equal(i, connection.Expect<QueueDeclareOk>(1).MessageCount);
        }
    }

    [Fact]
    public void J2_a_passive_declare_of_a_missing_queue_is_404()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var missing = TestBroker.Name("missing");
        connection.Send(1, new QueueDeclare(missing, Passive: true));
        connection.ExpectChannelError(1, 404, $"no queue '{missing}' in vhost '/'", MethodId.QueueDeclare);
        connection.Send(1, new ExchangeDeclare(missing, "direct", Passive: true));
        connection.ExpectChannelError(1, 404, $"no exchange '{missing}' in vhost '/'", MethodId.ExchangeDeclare);
    }

    [Fact]
    public void J2_a_passive_declare_ignores_how_the_queue_was_declared()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.DeclareQueue(1, TestBroker.Name("durable"), durable: true, autoDelete: true).Queue;
        connection.Send(1, new QueueDeclare(
            queue, Passive: true, Exclusive: true, Arguments: new FieldTable().Add("x-max-length", "nonsense")));
        Assert.Equal(queue, connection.Expect<QueueDeclareOk>(1).Queue);
        connection.Delete(1, queue);
    }

    [Fact]
    public void J3_whatever_names_a_missing_queue_is_404_with_one_text()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var missing = TestBroker.Name("missing");
        var text = $"no queue '{missing}' in vhost '/'";
        connection.Send(1, new BasicConsume(missing, ""));
        connection.ExpectChannelError(1, 404, text, MethodId.BasicConsume);
        connection.Send(1, new BasicGet(missing));
        connection.ExpectChannelError(1, 404, text, MethodId.BasicGet);
        connection.Send(1, new QueuePurge(missing));
        connection.ExpectChannelError(1, 404, text, MethodId.QueuePurge);
        connection.Send(1, new QueueBind(missing, "amq.direct", "k"));
        connection.ExpectChannelError(1, 404, text, MethodId.QueueBind);
    }

    [Fact]
    public void J3_whatever_names_a_missing_exchange_is_404_with_one_text()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var missing = TestBroker.Name("missing");
        var text = $"no exchange '{missing}' in vhost '/'";
        var queue = connection.NewQueue(1);
        connection.Send(1, new QueueBind(queue, missing, "k"));
        connection.ExpectChannelError(1, 404, text, MethodId.QueueBind);
        connection.Send(1, new ExchangeBind(missing, "amq.direct", "k"));
        connection.ExpectChannelError(1, 404, text, MethodId.ExchangeBind);
        connection.Send(1, new ExchangeBind("amq.direct", missing, "k"));
        connection.ExpectChannelError(1, 404, text, MethodId.ExchangeBind);
    }

    [Fact]
    public void J3_deleting_what_is_not_there_succeeds()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var missing = TestBroker.Name("missing");
        connection.Send(1, new QueueDelete(missing));
        Assert.Equal(0u, connection.Expect<QueueDeleteOk>(1).MessageCount);
        connection.Send(1, new ExchangeDelete(missing));
        connection.Expect<ExchangeDeleteOk>(1);
    }

    [Fact]
    public void J3_unbinding_what_is_not_bound_succeeds()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Send(1, new QueueUnbind(queue, "amq.direct", "never bound"));
        connection.Expect<QueueUnbindOk>(1);
        connection.Send(1, new ExchangeUnbind("amq.fanout", "amq.direct", "never bound"));
        connection.Expect<ExchangeUnbindOk>(1);
    }

    [Fact]
    public void J8_if_unused_and_if_empty_refuse_with_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewSharedQueue(2);
        connection.Fill(queue, "x");
        connection.Send(1, new QueueDelete(queue, IfEmpty: true));
        connection.ExpectChannelError(1, 406, $"queue '{queue}' in vhost '/' not empty", MethodId.QueueDelete);

        connection.Consume(2, queue);
        connection.ExpectDeliveries(2, "x");
        connection.Send(1, new QueueDelete(queue, IfUnused: true));
        connection.ExpectChannelError(1, 406, $"queue '{queue}' in vhost '/' in use", MethodId.QueueDelete);
        connection.CloseChannel(2);
        connection.Send(1, new QueueDelete(queue, IfUnused: true));
        Assert.Equal(1u, connection.Expect<QueueDeleteOk>(1).MessageCount);
    }

    [Fact]
    public void J8_an_exchange_with_bindings_is_in_use()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = TestBroker.Name("exchange");
        connection.DeclareExchange(1, exchange);
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, exchange, "k");
        connection.Send(1, new ExchangeDelete(exchange, IfUnused: true));
        connection.ExpectChannelError(1, 406, $"exchange '{exchange}' in vhost '/' in use", MethodId.ExchangeDelete);
        connection.Send(1, new QueueUnbind(queue, exchange, "k"));
        connection.Expect<QueueUnbindOk>(1);
        connection.Send(1, new ExchangeDelete(exchange, IfUnused: true));
        connection.Expect<ExchangeDeleteOk>(1);
    }

    [Fact]
    public void J8_purge_and_delete_tell_how_many_ready_messages_went()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2");
        connection.Get(1, queue);
        connection.Send(1, new QueuePurge(queue));
        Assert.Equal(2u, connection.Expect<QueuePurgeOk>(1).MessageCount);
        connection.Send(1, new BasicReject(1, Requeue: true));
        connection.Fill(queue, "3");
        connection.Send(1, new QueueDelete(queue));
        Assert.Equal(2u, connection.Expect<QueueDeleteOk>(1).MessageCount);
    }

    [Fact]
    public void J8_an_auto_delete_queue_goes_with_its_last_consumer()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.DeclareQueue(1, TestBroker.Name("auto"), autoDelete: true).Queue;
        connection.Consume(1, queue, "a");
        connection.Consume(2, queue, "b");
        connection.Cancel(1, "a");
        Assert.Equal(1u, connection.DeclareQueue(1, queue, passive: true).ConsumerCount);
        connection.CloseChannel(2);
        connection.Send(1, new QueueDeclare(queue, Passive: true));
        connection.ExpectChannelError(1, 404, $"no queue '{queue}' in vhost '/'", MethodId.QueueDeclare);
    }

    [Fact]
    public void J10_arguments_that_nobody_knows_are_kept_and_ignored()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var arguments = new FieldTable().Add("x-mine", "anything").Add("other", new FieldTable().Add("a", 1));
        var queue = connection.DeclareQueue(1, TestBroker.Name("args"), exclusive: true, arguments: arguments).Queue;
        connection.DeclareQueue(1, queue, exclusive: true);
        connection.DeclareQueue(1, queue, exclusive: true, arguments: new FieldTable().Add("x-mine", 5));
    }

    [Theory]
    [InlineData("grüße-שלום-🐇")]
    [InlineData("with space, 'quotes', \"double\" and \\")]
    [InlineData("control \u0001 character")]
    public void J10_names_may_be_any_UTF8(string name)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = TestBroker.Name(name);
        connection.DeclareQueue(1, queue, exclusive: true);
        connection.DeclareExchange(1, queue, "direct", autoDelete: true);
        connection.Bind(1, queue, queue, name);
        connection.Publish(1, queue, name, name);
        var message = connection.ReceiveOne(queue);
        Assert.Equal((queue, name, name), (message.Exchange, message.RoutingKey, message.Text));
    }

    [Fact]
    public void J10_names_may_have_255_octets_and_an_error_text_is_cut_to_255()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var name = TestBroker.Name("") + new string('ü', 111); // 33 + 222 octets
        Assert.Equal(name, connection.DeclareQueue(1, name, exclusive: true).Queue);
        var missing = TestBroker.Name("") + new string('y', 222);
        connection.Send(1, new QueueDeclare(missing, Passive: true));
        var close = connection.ExpectChannelError(1, 404, $"no queue '{missing}"[..200], MethodId.QueueDeclare);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(close.ReplyText), 250, 255);
        // Cut between characters, not within one.
        connection.Send(1, new QueueDeclare(TestBroker.Name("x") + new string('ü', 110), Passive: true));
        close = connection.ExpectChannelError(1, 404, "no queue 'x-", MethodId.QueueDeclare);
        Assert.DoesNotContain('\uFFFD', close.ReplyText);
    }

    [Fact]
    public void J11b_CR_and_LF_are_dropped_from_names()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var name = TestBroker.Name("lines");
        Assert.Equal(name, connection.DeclareQueue(1, name[..5] + "\r\n" + name[5..] + "\n", exclusive: true).Queue);
        connection.Fill(name, "x");
        Assert.Equal("x", connection.Get(1, name).Text);
        connection.DeclareExchange(1, "\n" + name, autoDelete: true);
        connection.Bind(1, name + "\r", name + "\n", "k");
        connection.Publish(1, name, "k", "y");
        Assert.Equal("y", connection.ReceiveOne(name).Text);
    }

    [LevadaFact]
    public void J11b_CR_and_LF_are_dropped_wherever_a_queue_is_named()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var name = connection.NewQueue(1);
        connection.Fill(name, "x", "y");
        Assert.Equal("x", connection.Get(1, name + "\n").Text);
        connection.Send(1, new QueuePurge("\r" + name));
        Assert.Equal(1u, connection.Expect<QueuePurgeOk>(1).MessageCount);
        connection.Cancel(1, connection.Consume(1, name + "\r\n"));
        connection.Delete(1, name + "\n");
        connection.Send(1, new QueueDeclare(name, Passive: true));
        connection.ExpectChannelError(1, 404, $"no queue '{name}'", MethodId.QueueDeclare);
    }

    [LevadaFact]
    public async Task J12_the_queue_limit_of_a_vhost_is_406()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        broker.Broker.Catalog.AddVHost("/", new VHostLimits(MaxQueues: 2));
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.NewQueue(1);
        var second = connection.NewQueue(1);
        connection.Send(1, new QueueDeclare("third"));
        connection.ExpectChannelError(
            1, 406, "cannot declare queue 'third': queue limit in vhost '/' (2) is reached", MethodId.QueueDeclare);
        connection.DeclareQueue(1, second, exclusive: true); // is there already
        connection.Delete(1, second);
        connection.DeclareQueue(1, "third", exclusive: true);
    }

    [Fact]
    public void J13_nowait_has_no_reply_and_does_the_work()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var name = TestBroker.Name("quiet");
        var exchange = TestBroker.Name("quiet-exchange");
        connection.InOneWrite(() =>
        {
            connection.Send(1, new ExchangeDeclare(exchange, "direct", NoWait: true));
            connection.Send(1, new ExchangeBind("amq.fanout", exchange, "f", NoWait: true));
            connection.Send(1, new QueueDeclare(name, Exclusive: true, NoWait: true));
            connection.Send(1, new QueueBind(name, exchange, "k", NoWait: true));
            connection.Send(1, new BasicConsume(name, "tag", NoAck: true, NoWait: true));
            connection.Publish(1, exchange, "k", "x", mandatory: true);
        });
        var message = connection.ExpectDeliver(1);
        Assert.Equal(("x", "tag"), (message.Text, message.ConsumerTag));
        connection.Send(1, new BasicCancel("tag", NoWait: true));
        Assert.Equal(0u, connection.DeclareQueue(1, name, passive: true).ConsumerCount);
        connection.Fill(name, "y");
        connection.InOneWrite(() =>
        {
            connection.Send(1, new QueuePurge(name, NoWait: true));
            connection.Send(1, new BasicGet(name));
        });
        connection.Expect<BasicGetEmpty>(1);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new ExchangeUnbind("amq.fanout", exchange, "f", NoWait: true));
            connection.Send(1, new QueueDelete(name, NoWait: true));
            connection.Send(1, new ExchangeDelete(exchange, IfUnused: true, NoWait: true));
            connection.Send(1, new QueueDelete(name));
        });
        Assert.Equal(0u, connection.Expect<QueueDeleteOk>(1).MessageCount);
        connection.Send(1, new ExchangeDeclare(exchange, "direct", Passive: true));
        connection.ExpectChannelError(1, 404, $"no exchange '{exchange}'", MethodId.ExchangeDeclare);
    }

    [Fact]
    public void J13_nowait_does_not_hide_errors()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var missing = TestBroker.Name("missing");
        connection.Send(1, new QueueDeclare(missing, Passive: true, NoWait: true));
        connection.ExpectChannelError(1, 404, $"no queue '{missing}'", MethodId.QueueDeclare);
        connection.Send(1, new BasicConsume(missing, "t", NoWait: true));
        connection.ExpectChannelError(1, 404, $"no queue '{missing}'", MethodId.BasicConsume);
    }
}
