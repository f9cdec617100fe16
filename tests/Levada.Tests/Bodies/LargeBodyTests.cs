using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;
using static Levada.Tests.Bodies.LargeBody;

namespace Levada.Tests.Bodies;

/// <summary>Bodies of more than 1 MiB: files of their own, from the first frame until nobody needs them.</summary>
public sealed class LargeBodyTests
{
    private const int Size = 3 * MiB + 17;

    [LevadaTheory]
    [InlineData(MiB, 0)]
    [InlineData(MiB + 1, 1)]
    public async Task A_body_is_a_file_from_one_byte_above_1_MiB_on(int size, int files)
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, Make(1, size));
        Assert.Equal(1u, connection.Count(1, queue));
        Assert.Equal(files, Files(broker.DataFolder).Length);
        Assert.True(connection.Get(1, queue, noAck: true).Body.AsSpan().SequenceEqual(Make(1, size)));
        await UntilFilesAsync(broker.DataFolder, 0);
    }

    [LevadaTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fanout_to_several_queues_keeps_one_file_until_the_last_has_settled(bool persistent)
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queues = Enumerable.Range(0, 4).Select(i => connection.DeclareQueue(1, $"q{i}", durable: true).Queue)
            .ToArray();
        foreach (var queue in queues) connection.Bind(1, queue, "amq.fanout");
        connection.SelectConfirms(1);
        connection.Publish(1, "amq.fanout", "", Make(2, Size), persistent ? Persistent : null);
        connection.ExpectConfirms(1, 1);
        Assert.Single(Files(broker.DataFolder));
        Assert.Equal(4L * Size, broker.Broker.GetOverview().MessageBytesReady);
        foreach (var queue in queues[..3])
        {
            var message = connection.Get(1, queue);
            Assert.True(message.Body.AsSpan().SequenceEqual(Make(2, Size)));
            connection.Send(1, new BasicAck(message.DeliveryTag));
        }
        Assert.Equal(0u, connection.Count(1, queues[2]));
        Assert.Single(Files(broker.DataFolder));
        connection.Delete(1, queues[3]);
        await UntilFilesAsync(broker.DataFolder, 0);
    }

    [LevadaFact]
    public async Task A_large_message_goes_back_to_its_place_and_comes_again_marked_redelivered()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, Make(3, Size));
        connection.Publish(1, "", queue, "small");
        connection.Send(1, new BasicNack(connection.Get(1, queue).DeliveryTag, false, true));
        var again = connection.Get(1, queue);
        Assert.True(again.Redelivered);
        Assert.True(again.Body.AsSpan().SequenceEqual(Make(3, Size)));
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        Assert.Equal(Size, connection.Get(1, queue, noAck: true).Body.Length);
        Assert.Equal("small", connection.Get(1, queue, noAck: true).Text);
        connection.Publish(1, "", queue, Make(4, Size));
        connection.Send(1, new QueuePurge(queue));
        Assert.Equal(1u, connection.Expect<QueuePurgeOk>(1).MessageCount);
        await UntilFilesAsync(broker.DataFolder, 0);
    }

    [LevadaFact]
    public async Task I3_a_large_message_without_a_queue_is_returned_with_its_body()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.SelectConfirms(1);
        for (var i = 1ul; i <= 3; i++)
        {
            connection.Publish(1, "", "nowhere", Make((int)i, Size), Persistent, mandatory: true);
            connection.Publish(1, "", "nowhere", Make((int)i, Size));
        }
        for (var i = 1ul; i <= 3; i++)
        {
            // Confirms stand between the returns, each behind what it confirms.
            while (connection.Peek().Is<BasicAck>()) connection.Receive();
            var returned = connection.ExpectReturn(1);
            Assert.Equal(312, returned.ReplyCode);
            Assert.True(returned.Body.AsSpan().SequenceEqual(Make((int)i, Size)));
        }
        await UntilFilesAsync(broker.DataFolder, 0);
    }

    [LevadaFact]
    public async Task I9_a_transaction_holds_large_messages_and_returns_until_its_end()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.DeclareQueue(1, "tx", durable: true).Queue;
        connection.SelectTx(1);
        connection.Publish(1, "", queue, Make(5, Size), Persistent);
        connection.Publish(1, "", "nowhere", Make(6, Size), mandatory: true);
        connection.Rollback(1);
        await UntilFilesAsync(broker.DataFolder, 0);
        connection.Publish(1, "", queue, Make(5, Size), Persistent);
        connection.Publish(1, "", "nowhere", Make(6, Size), mandatory: true);
        connection.Send(1, new TxCommit());
        Assert.True(connection.ExpectReturn(1).Body.AsSpan().SequenceEqual(Make(6, Size)));
        connection.Expect<TxCommitOk>(1);
        Assert.True(connection.Get(1, queue).Body.AsSpan().SequenceEqual(Make(5, Size)));
        await UntilFilesAsync(broker.DataFolder, 1);
    }

    [LevadaFact]
    public async Task I15_a_large_request_and_its_large_reply_arrive()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.Consume(1, "amq.rabbitmq.reply-to", noAck: true);
        connection.Publish(
            1, "", queue, Make(7, Size), new BasicProperties { ReplyTo = "amq.rabbitmq.reply-to" });
        var request = connection.Get(2, queue, noAck: true);
        Assert.True(request.Body.AsSpan().SequenceEqual(Make(7, Size)));
        connection.Publish(2, "", request.Properties.ReplyTo!, Make(8, Size));
        connection.Publish(2, "", request.Properties.ReplyTo!, Make(9, Size));
        Assert.True(connection.ExpectDeliver(1).Body.AsSpan().SequenceEqual(Make(8, Size)));
        Assert.True(connection.ExpectDeliver(1).Body.AsSpan().SequenceEqual(Make(9, Size)));
        await UntilFilesAsync(broker.DataFolder, 0);
    }

    [LevadaTheory]
    [InlineData("close the channel")]
    [InlineData("close the connection")]
    [InlineData("reset")]
    [InlineData("mistake")]
    public async Task C12_abandoned_content_leaves_no_file(string how)
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var observer = RawConnection.OpenWithChannel(broker);
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.SendPublishMethod(1, "", queue);
        connection.SendHeader(1, Size, Persistent);
        for (var i = 0; i < 10; i++) connection.SendBody(1, new byte[100_000]);
        await UntilFilesAsync(broker.DataFolder, 1);
        switch (how)
        {
            case "reset":
                connection.Reset();
                break;
            case "close the connection":
                connection.Close();
                break;
            case "close the channel":
                // A method in the middle of content is a mistake of its own kind: 505 closes the connection.
                connection.Send(1, new ChannelClose(200, "bye", 0, 0));
                connection.ExpectConnectionError(
                    505, "UNEXPECTED_FRAME - expected content body", MethodId.BasicPublish);
                break;
            default:
                connection.SendBody(1, new byte[200_000]);
                connection.ExpectConnectionError(501, "FRAME_ERROR - frame of 200000 octets", 0);
                break;
        }
        await UntilFilesAsync(broker.DataFolder, 0);
    }

    [LevadaFact]
    public async Task Confirms_of_large_and_small_messages_come_in_their_order()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.DeclareQueue(1, "order", durable: true).Queue;
        connection.SelectConfirms(1);
        for (var i = 0; i < 6; i++)
        {
            connection.Publish(1, "", queue, Make(i, i % 2 == 0 ? Size : 10), Persistent);
            connection.Publish(1, "", queue, Make(i, 10));
        }
        var confirmed = 0ul;
        while (confirmed < 12)
        {
            var ack = connection.Expect<BasicAck>(1);
            Assert.Equal(ack.Multiple ? ack.DeliveryTag : confirmed + 1, ack.DeliveryTag);
            Assert.True(ack.DeliveryTag > confirmed);
            confirmed = ack.DeliveryTag;
        }
        for (var i = 0; i < 6; i++)
        {
            Assert.True(connection.Get(1, queue).Body.AsSpan().SequenceEqual(Make(i, i % 2 == 0 ? Size : 10)));
            Assert.True(connection.Get(1, queue).Body.AsSpan().SequenceEqual(Make(i, 10)));
        }
    }
}
