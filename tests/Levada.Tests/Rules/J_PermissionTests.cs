using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class J_PermissionTests(BrokerFixture fixture)
{
    [Fact]
    public void J11_configure_is_asked_for_declaring_and_deleting()
    {
        var user = TestUser.Create(fixture.Broker, "^mine-", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        connection.DeclareQueue(1, TestBroker.Name("mine"), exclusive: true);
        connection.Send(1, new QueueDeclare("theirs"));
        connection.ExpectRefused(1, "configure", "queue 'theirs' in vhost '/'", user, MethodId.QueueDeclare);
        connection.Send(1, new QueueDelete("theirs"));
        connection.ExpectRefused(1, "configure", "queue 'theirs' in vhost '/'", user, MethodId.QueueDelete);
        connection.Send(1, new ExchangeDeclare("theirs", "direct"));
        connection.ExpectRefused(1, "configure", "exchange 'theirs' in vhost '/'", user, MethodId.ExchangeDeclare);
        connection.Send(1, new ExchangeDelete("theirs"));
        connection.ExpectRefused(1, "configure", "exchange 'theirs' in vhost '/'", user, MethodId.ExchangeDelete);
        // A name of the server's making needs the right too.
        connection.Send(1, new QueueDeclare("", Exclusive: true));
        connection.ExpectChannelError(1, 403, "", MethodId.QueueDeclare);
    }

    [Fact]
    public void J11_read_is_asked_for_getting_consuming_and_purging()
    {
        var user = TestUser.Create(fixture.Broker, ".*", ".*", "^$");
        using var owner = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = owner.NewSharedQueue(1);
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        var what = $"queue '{queue}' in vhost '/'";
        connection.Send(1, new BasicGet(queue));
        connection.ExpectRefused(1, "read", what, user, MethodId.BasicGet);
        connection.Send(1, new BasicConsume(queue, ""));
        connection.ExpectRefused(1, "read", what, user, MethodId.BasicConsume);
        connection.Send(1, new QueuePurge(queue));
        connection.ExpectRefused(1, "read", what, user, MethodId.QueuePurge);
        owner.Delete(1, queue);
    }

    [Fact]
    public void J11_binding_needs_write_on_the_destination_and_read_on_the_source()
    {
        var user = TestUser.Create(fixture.Broker, ".*", "^(writable|mine)", "^(readable|mine)");
        using var owner = RawConnection.OpenWithChannel(fixture.Broker);
        string readable = TestBroker.Name("readable"), writable = TestBroker.Name("writable");
        owner.DeclareExchange(1, readable, "fanout", autoDelete: true);
        owner.DeclareExchange(1, writable, "fanout", autoDelete: true);
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        var mine = connection.DeclareQueue(1, TestBroker.Name("mine"), exclusive: true).Queue;
        var other = connection.DeclareQueue(1, TestBroker.Name("other"), exclusive: true).Queue;

        connection.Send(1, new QueueBind(other, readable, "k"));
        connection.ExpectRefused(1, "write", $"queue '{other}' in vhost '/'", user, MethodId.QueueBind);
        connection.Send(1, new QueueBind(mine, writable, "k"));
        connection.ExpectRefused(1, "read", $"exchange '{writable}' in vhost '/'", user, MethodId.QueueBind);
        connection.Send(1, new QueueUnbind(other, readable, "k"));
        connection.ExpectRefused(1, "write", $"queue '{other}' in vhost '/'", user, MethodId.QueueUnbind);
        connection.Send(1, new ExchangeBind(readable, readable, "k"));
        connection.ExpectRefused(1, "write", $"exchange '{readable}' in vhost '/'", user, MethodId.ExchangeBind);
        connection.Send(1, new ExchangeBind(writable, writable, "k"));
        connection.ExpectRefused(1, "read", $"exchange '{writable}' in vhost '/'", user, MethodId.ExchangeBind);
        connection.Send(1, new ExchangeUnbind(readable, readable, "k"));
        connection.ExpectRefused(1, "write", $"exchange '{readable}' in vhost '/'", user, MethodId.ExchangeUnbind);
        connection.Bind(1, mine, readable, "k");
        connection.Send(1, new ExchangeBind(writable, readable, "k"));
        connection.Expect<ExchangeBindOk>(1);
    }

    [Fact]
    public void J11_publishing_needs_write_on_the_exchange()
    {
        var user = TestUser.Create(fixture.Broker, ".*", "^allowed", ".*");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        var refused = connection.NewExchange(1, "fanout");
        connection.Publish(1, refused, "k", "x");
        connection.ExpectRefused(1, "write", $"exchange '{refused}' in vhost '/'", user, MethodId.BasicPublish);
        var allowed = TestBroker.Name("allowed");
        connection.DeclareExchange(1, allowed, "fanout", autoDelete: true);
        connection.Publish(1, allowed, "k", "x", mandatory: true);
        connection.ExpectReturn(1);
    }

    [Fact]
    public void J11_a_passive_declare_needs_configure_no_more()
    {
        var user = TestUser.Create(fixture.Broker, "^$", "^$", "^$");
        using var owner = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = owner.NewSharedQueue(1);
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        Assert.Equal(queue, connection.DeclareQueue(1, queue, passive: true).Queue);
        connection.Send(1, new ExchangeDeclare("amq.direct", "direct", Passive: true));
        connection.Expect<ExchangeDeclareOk>(1);
        owner.Delete(1, queue);
    }

    [Fact]
    public void J11_a_topic_is_refused_by_its_routing_key()
    {
        var exchange = TestBroker.Name("topic");
        var user = TestUser.Create(
            fixture.Broker, ".*", ".*", ".*", topic: (exchange, "^allowed\\.", "^allowed\\."));
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        connection.DeclareExchange(1, exchange, "topic", autoDelete: true);
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, exchange, "allowed.#");
        connection.Publish(1, exchange, "allowed.key", "x");
        Assert.Equal("x", connection.ReceiveOne(queue).Text);
        connection.Publish(1, exchange, "other.key", "y");
        connection.ExpectRefused(
            1, "write", $"topic 'other.key' in exchange '{exchange}' in vhost '/'", user, MethodId.BasicPublish);
        connection.Send(1, new QueueBind(queue, exchange, "other.#"));
        connection.ExpectRefused(
            1, "read", $"topic 'other.#' in exchange '{exchange}' in vhost '/'", user, MethodId.QueueBind);
    }

    [Fact]
    public void J6_an_alternate_or_dead_letter_exchange_needs_rights_of_its_own()
    {
        var user = TestUser.Create(fixture.Broker, ".*", "^writable", "^readable");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        var exchange = TestBroker.Name("readable");
        connection.Send(1, new ExchangeDeclare(
            exchange, "direct", Arguments: new FieldTable().Add("alternate-exchange", "forbidden")));
        connection.ExpectRefused(1, "write", "exchange 'forbidden' in vhost '/'", user, MethodId.ExchangeDeclare);
        connection.Send(1, new QueueDeclare(
            TestBroker.Name("readable"), Arguments: new FieldTable().Add("x-dead-letter-exchange", "forbidden")));
        connection.ExpectRefused(1, "write", "exchange 'forbidden' in vhost '/'", user, MethodId.QueueDeclare);
        // Read on the queue itself is asked for as well.
        var queue = TestBroker.Name("unreadable");
        connection.Send(1, new QueueDeclare(
            queue, Arguments: new FieldTable().Add("x-dead-letter-exchange", "writable")));
        connection.ExpectRefused(1, "read", $"queue '{queue}' in vhost '/'", user, MethodId.QueueDeclare);
    }
}
