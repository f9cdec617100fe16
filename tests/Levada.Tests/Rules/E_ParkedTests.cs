using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules E1 to E3 for frames that the broker holds back when its connection closes.</summary>
public sealed class E_ParkedTests
{
    [LevadaFact] // RabbitMQ may answer the close first and only log the error
    public async Task E1_a_channels_error_before_the_close_is_answered_before_it()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new QueueDeclare("durable", Durable: true)); // what follows waits for the disk
            connection.Send(1, new BasicAck(7));
            connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
        });
        connection.Expect<QueueDeclareOk>(1);
        connection.ExpectChannelClose(1, 406, "PRECONDITION_FAILED - unknown delivery tag 7", MethodId.BasicAck);
        connection.Expect<ConnectionCloseOk>(0);
        connection.ExpectEnd();
    }

    [LevadaFact] // RabbitMQ may answer the close first and only log the error
    public async Task E3_a_connections_error_before_the_close_is_answered_before_it()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new QueueDeclare("durable", Durable: true)); // what follows waits for the disk
            connection.Send(1, new BasicPublish(default, "durable"u8));
            connection.Send(1, new BasicQos(0, 1));
            connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
        });
        connection.Expect<QueueDeclareOk>(1);
        connection.ExpectConnectionClose(505, "UNEXPECTED_FRAME", MethodId.BasicPublish);
        connection.Expect<ConnectionCloseOk>(0);
        connection.ExpectEnd();
    }

    [LevadaTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task E2_settles_of_a_transaction_or_session_that_was_to_come_do_not_count(bool ofTransaction)
    {
        await using var broker = await TestBroker.StartAsync();
        using var other = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(other, 1, "kept");
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.Send(1, new BasicGet(queue));
        connection.ExpectGetOk(1);
        CloseForced(broker, connection);
        if (ofTransaction)
        {
            connection.Send(1, new TxSelect());
        }
        else
        {
            connection.Send(1, new ChannelClose(200, "bye", 0, 0));
            connection.Send(1, new ChannelOpen());
        }
        connection.Send(1, new BasicNack(0, Multiple: true, Requeue: false));
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();
        other.Send(1, new BasicConsume(queue, "c"));
        other.Expect<BasicConsumeOk>(1);
        Assert.Equal("kept", other.ExpectDeliver(1).Text);
    }

    [LevadaFact]
    public async Task E2_a_settle_behind_a_close_that_waits_is_not_the_last_sessions()
    {
        await using var broker = await TestBroker.StartAsync();
        using var other = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(other, 1, "kept");
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.Send(1, new BasicGet(queue));
        connection.ExpectGetOk(1);
        await broker.RaiseDiskAlarmAsync();
        connection.Publish(1, "", queue, "waits for the end of the alarm");
        connection.Expect<ConnectionBlocked>(0);
        connection.Send(1, new ChannelClose(200, "bye", 0, 0)); // waits behind it
        connection.Send(1, new ChannelOpen());
        connection.OpenChannel(2); // all before it has come
        CloseForced(broker, connection);
        connection.Send(1, new BasicNack(0, Multiple: true, Requeue: false));
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();
        await broker.ClearDiskAlarmAsync();
        other.Send(1, new BasicConsume(queue, "c"));
        other.Expect<BasicConsumeOk>(1);
        Assert.Equal("kept", other.ExpectDeliver(1).Text);
    }

    [LevadaFact]
    public async Task E2_what_waits_behind_a_channels_error_is_not_carried_out_while_the_broker_closes()
    {
        await using var broker = await TestBroker.StartAsync();
        using var other = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(other, 1);
        other.Send(1, new BasicConsume(queue, "c", NoAck: true));
        other.Expect<BasicConsumeOk>(1);
        using var connection = RawConnection.OpenWithChannel(broker);
        await broker.RaiseDiskAlarmAsync();
        connection.Publish(1, "", queue, "before");
        connection.Send(1, new BasicGet("missing"));
        connection.Publish(1, "", queue, "behind");
        connection.Expect<ConnectionBlocked>(0);
        connection.OpenChannel(2); // all before it has come
        CloseForced(broker, connection);
        await broker.ClearDiskAlarmAsync();
        Assert.Equal("before", other.ExpectDeliver(1).Text);
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();
        other.Send(1, new BasicCancel("c"));
        other.Expect<BasicCancelOk>(1);
    }

    private static void CloseForced(TestBroker broker, RawConnection connection)
    {
        broker.Broker.Connections.All.Single(c => c.Name == connection.Name).CloseForced("by the test");
        connection.ExpectConnectionClose(320, "CONNECTION_FORCED - by the test", 0);
    }
}
