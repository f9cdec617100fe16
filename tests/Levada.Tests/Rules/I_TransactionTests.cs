using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class I_TransactionTests(BrokerFixture fixture)
{
    [Fact]
    public void I8_confirms_and_transactions_exclude_each_other()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SelectConfirms(1);
        connection.Send(1, new TxSelect());
        connection.ExpectChannelError(1, 406, "cannot switch from confirm to tx mode", MethodId.TxSelect);
        connection.SelectTx(1);
        connection.Send(1, new ConfirmSelect());
        connection.ExpectChannelError(1, 406, "cannot switch from tx to confirm mode", MethodId.ConfirmSelect);
    }

    [Fact]
    public void I8_commit_and_rollback_need_a_transaction()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new TxCommit());
        connection.ExpectChannelError(1, 406, "channel is not transactional", MethodId.TxCommit);
        connection.Send(1, new TxRollback());
        connection.ExpectChannelError(1, 406, "channel is not transactional", MethodId.TxRollback);
    }

    [Fact]
    public void I8_select_may_come_again()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.SelectTx(1);
        connection.Publish(1, "", queue, "x");
        connection.SelectTx(1);
        connection.Commit(1);
        Assert.Equal("x", connection.Drain(1, queue));
    }

    [Fact]
    public void I9_publishes_wait_for_the_commit()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.SelectTx(1);
        connection.Publish(1, "", queue, "0");
        connection.Publish(1, "", queue, "1");
        connection.GetNothing(1, queue);
        connection.Commit(1);
        connection.Publish(1, "", queue, "in the next one");
        Assert.Equal("0 1", connection.Drain(1, queue));
        connection.Commit(1);
        Assert.Equal("in the next one", connection.Drain(1, queue));
    }

    [Fact]
    public void I9_rollback_forgets_publishes_and_acks()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "held");
        connection.SelectTx(1);
        connection.Get(1, queue);
        connection.Publish(1, "", queue, "never");
        connection.Send(1, new BasicAck(1));
        connection.Rollback(1);
        Assert.Equal(0u, connection.Count(1, queue));
        // Outstanding again, so it can be acknowledged again.
        connection.Send(1, new BasicAck(1));
        connection.Commit(1);
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        connection.GetNothing(1, queue);
    }

    [Fact]
    public void I9_acks_wait_for_the_commit()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2");
        connection.SelectTx(1);
        for (var i = 0; i < 3; i++) connection.Get(1, queue);
        connection.Send(1, new BasicAck(1));
        connection.Commit(1);
        connection.Send(1, new BasicAck(2));
        connection.CloseChannel(1); // rolls the second ack back
        connection.OpenChannel(1);
        Assert.Equal("1* 2*", connection.Drain(1, queue));
    }

    [Fact]
    public void I9_an_ack_makes_room_for_the_next_delivery_at_the_commit()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1");
        connection.SelectTx(1);
        connection.Qos(1, 1);
        connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "0");
        connection.Send(1, new BasicAck(1));
        Assert.Equal(1u, connection.Count(1, queue));
        connection.Send(1, new TxCommit());
        // The commit's reply and the delivery it makes room for may come in either order.
        if (connection.Peek().Is<TxCommitOk>())
        {
            connection.Expect<TxCommitOk>(1);
            connection.ExpectDeliveries(1, "1");
        }
        else
        {
            connection.ExpectDeliveries(1, "1");
            connection.Expect<TxCommitOk>(1);
        }
    }

    [Fact]
    public void I9_rejects_wait_for_the_commit()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2");
        connection.SelectTx(1);
        for (var i = 0; i < 3; i++) connection.Get(1, queue);
        connection.Send(1, new BasicReject(1, Requeue: true));
        connection.Send(1, new BasicNack(2));
        connection.GetNothing(1, queue);
        connection.Commit(1);
        Assert.Equal("0*", connection.Drain(1, queue));
        connection.Send(1, new BasicAck(3));
        connection.Commit(1);
    }

    [Fact]
    public void I9_recover_leaves_what_the_transaction_has_settled()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1");
        connection.SelectTx(1);
        connection.Get(1, queue);
        connection.Get(1, queue);
        connection.Send(1, new BasicAck(1));
        connection.Send(1, new BasicRecover(Requeue: true));
        connection.Expect<BasicRecoverOk>(1);
        Assert.Equal("1*", connection.Drain(1, queue));
        connection.Commit(1);
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        connection.GetNothing(1, queue);
    }

    [Fact]
    public void I9_returns_come_at_the_commit_ahead_of_its_reply()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.SelectTx(1);
        connection.Publish(1, "", TestBroker.Name("nowhere"), "back", mandatory: true);
        Assert.Equal(0u, connection.Count(1, queue)); // and no return before this reply
        connection.Send(1, new TxCommit());
        Assert.Equal("back", connection.ExpectReturn(1).Text);
        connection.Expect<TxCommitOk>(1);
    }

    [Fact]
    public void I9_a_missing_exchange_is_an_error_at_the_publish_and_undoes_the_transaction()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.SelectTx(1);
        connection.Publish(1, "", queue, "never");
        connection.Publish(1, TestBroker.Name("missing"), "k", "x");
        connection.ExpectChannelError(1, 404, "no exchange 'missing-", MethodId.BasicPublish);
        Assert.Equal(0u, connection.Count(2, queue));
    }

    [Fact]
    public void I9_an_unknown_tag_is_an_error_at_the_ack()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0");
        connection.SelectTx(1);
        connection.Get(1, queue);
        connection.Send(1, new BasicAck(1));
        connection.Send(1, new BasicAck(1));
        connection.ExpectChannelError(1, 406, "unknown delivery tag 1", MethodId.BasicAck);
        Assert.Equal("0*", connection.Drain(1, queue));
    }

    [Fact]
    public void I9_closing_the_channel_is_a_rollback()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.SelectTx(1);
        connection.Publish(1, "", queue, "never");
        connection.CloseChannel(1);
        Assert.Equal(0u, connection.Count(2, queue));
    }

    [Fact]
    public void I9_declares_gets_and_consumes_are_immediate()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SelectTx(1);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1");
        Assert.Equal("0", connection.Get(1, queue, noAck: true).Text);
        connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "1");
        connection.Rollback(1);
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [Fact]
    public void I10_a_commit_brings_publishes_and_acks_together()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var from = connection.DeclareQueue(1, durable: true, exclusive: true).Queue;
        var to = connection.DeclareQueue(1, durable: true, exclusive: true).Queue;
        var persistent = new BasicProperties { DeliveryMode = 2 };
        connection.Fill(from, persistent, "0", "1", "2");
        connection.SelectTx(1);
        for (var i = 0; i < 3; i++)
        {
            var message = connection.Get(1, from);
            connection.Publish(1, "", to, message.Text, persistent);
            connection.Send(1, new BasicAck(message.DeliveryTag));
            Assert.Equal((uint)i, connection.Count(2, to));
            connection.Commit(1);
        }
        Assert.Equal("0 1 2", connection.Drain(2, to));
        connection.CloseChannel(1);
        Assert.Equal(0u, connection.Count(2, from));
    }

    [Fact]
    public async Task I10_a_committed_transaction_outlives_the_broker()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            connection.DeclareQueue(1, "from", durable: true);
            connection.DeclareQueue(1, "to", durable: true);
            connection.Fill("from", new BasicProperties { DeliveryMode = 2 }, "0", "1");
            connection.SelectTx(1);
            for (var i = 0; i < 2; i++)
            {
                var message = connection.Get(1, "from");
                connection.Publish(1, "", "to", message.Text, new BasicProperties { DeliveryMode = 2 });
                connection.Send(1, new BasicAck(message.DeliveryTag));
                if (i == 0) connection.Commit(1);
            }
        }
        await broker.StopAsync();
        await broker.StartAgainAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            Assert.Equal("1*", connection.Drain(1, "from"));
            Assert.Equal("0", connection.Drain(1, "to"));
        }
    }
}
