using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class J_ExclusiveTests(BrokerFixture fixture)
{
    [Fact]
    public void J4_another_connections_exclusive_queue_is_405_for_every_use()
    {
        using var owner = RawConnection.OpenWithChannel(fixture.Broker);
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = owner.NewQueue(1);
        owner.Bind(1, queue, "amq.direct", queue);
        var text = $"cannot obtain exclusive access to locked queue '{queue}' in vhost '/'. It could be originally "
            + "declared on another connection";
        connection.Send(1, new QueueDeclare(queue, Exclusive: true));
        connection.ExpectChannelError(1, 405, text, MethodId.QueueDeclare);
        connection.Send(1, new QueueDeclare(queue));
        connection.ExpectChannelError(1, 405, text, MethodId.QueueDeclare);
        connection.Send(1, new QueueDeclare(queue, Passive: true));
        connection.ExpectChannelError(1, 405, text, MethodId.QueueDeclare);
        connection.Send(1, new BasicConsume(queue, ""));
        connection.ExpectChannelError(1, 405, text, MethodId.BasicConsume);
        connection.Send(1, new BasicGet(queue));
        connection.ExpectChannelError(1, 405, text, MethodId.BasicGet);
        connection.Send(1, new QueuePurge(queue));
        connection.ExpectChannelError(1, 405, text, MethodId.QueuePurge);
        connection.Send(1, new QueueBind(queue, "amq.direct", "k"));
        connection.ExpectChannelError(1, 405, text, MethodId.QueueBind);
        connection.Send(1, new QueueUnbind(queue, "amq.direct", queue));
        connection.ExpectChannelError(1, 405, text, MethodId.QueueUnbind);
        connection.Send(1, new QueueDelete(queue));
        connection.ExpectChannelError(1, 405, text, MethodId.QueueDelete);
    }

    [Fact]
    public void J4_anybody_may_publish_to_an_exclusive_queue()
    {
        using var owner = RawConnection.OpenWithChannel(fixture.Broker);
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = owner.NewQueue(1);
        connection.Fill(queue, "x");
        Assert.Equal("x", owner.Get(1, queue).Text);
    }

    [Fact]
    public void J4_the_owner_must_not_change_the_exclusive_bit()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var mine = connection.NewQueue(1);
        connection.Send(1, new QueueDeclare(mine));
        connection.ExpectChannelError(
            1, 405, $"cannot obtain exclusive access to locked queue '{mine}'", MethodId.QueueDeclare);
        connection.DeclareQueue(1, mine, exclusive: true);
        var shared = connection.DeclareQueue(1, TestBroker.Name("shared"), autoDelete: true).Queue;
        connection.Send(1, new QueueDeclare(shared, Exclusive: true, AutoDelete: true));
        connection.ExpectChannelError(
            1, 405, $"cannot obtain exclusive access to locked queue '{shared}'", MethodId.QueueDeclare);
        connection.Delete(1, shared);
    }

    [Fact]
    public void J4_every_channel_of_the_owner_may_use_it()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.CloseChannel(1);
        Assert.Equal(queue, connection.DeclareQueue(2, queue, exclusive: true).Queue);
        connection.Consume(2, queue);
    }

    [Fact]
    public void J4_exclusive_queues_are_gone_when_close_ok_arrives()
    {
        using var observer = RawConnection.OpenWithChannel(fixture.Broker);
        var name = TestBroker.Name("mine");
        for (var i = 0; i < 20; i++)
        {
            using var connection = RawConnection.OpenWithChannel(fixture.Broker);
            connection.DeclareQueue(1, name, exclusive: true, durable: i % 2 == 0);
            connection.Close();
            observer.Send(1, new QueueDeclare(name, Passive: true));
            observer.ExpectChannelError(1, 404, $"no queue '{name}' in vhost '/'", MethodId.QueueDeclare);
        }
    }
}
