using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;
using static Levada.Tests.Bodies.LargeBody;

namespace Levada.Tests.Bodies;

/// <summary>How bodies of more than 1 MiB share a connection with everything else that is sent on it.</summary>
public sealed class LargeBodySendingTests
{
    // What the system may have taken from the broker before the small message was there: its buffers, in frames.
    private const int FramesInFlightMax = 100;

    [LevadaFact]
    public async Task Small_messages_of_another_channel_arrive_between_the_frames_of_a_large_one()
    {
        const int Size = 64 * MiB;
        await using var broker = await TestBroker.StartPrivateAsync();
        using var publisher = RawConnection.OpenWithChannel(broker);
        using var consumer = RawConnection.Open(broker, receiveBuffer: 64 * 1024);
        consumer.OpenChannel(1);
        consumer.OpenChannel(2);
        var (large, small) = (publisher.NewSharedQueue(1), publisher.NewSharedQueue(1));
        consumer.Consume(2, small, noAck: true);
        Stream(publisher, 1, large, 1, Size);
        publisher.SelectConfirms(1);
        consumer.Send(1, new BasicConsume(large, "large", false, true));
        consumer.Expect<BasicConsumeOk>(1);
        consumer.Expect<BasicDeliver>(1);
        Assert.Equal((ulong)Size, ExpectHeader(consumer, 1));
        var left = Size;
        for (var i = 0; i < 3; i++)
        {
            publisher.Publish(1, "", small, $"small {i}");
            publisher.ExpectConfirms(1, 1, first: (ulong)i + 1);
            var frames = 0;
            for (; consumer.Peek().Channel == 1; frames++)
                left -= consumer.Receive().Payload.Length;
            Assert.Equal($"small {i}", consumer.ExpectDeliver(2).Text);
            Assert.InRange(frames, 0, FramesInFlightMax);
        }
        Assert.True(left > 0, "the large message was there before the small ones");
        while (left > 0)
        {
            var frame = consumer.Receive();
            Assert.Equal((Frame.Body, 1), (frame.Type, frame.Channel));
            left -= frame.Payload.Length;
        }
    }

    [LevadaFact]
    public async Task Large_messages_of_two_channels_go_out_by_turns()
    {
        const int Size = 16 * MiB;
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.Open(broker, receiveBuffer: 64 * 1024);
        connection.OpenChannel(1);
        connection.OpenChannel(2);
        using var observer = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewSharedQueue(1);
        Stream(connection, 1, queue, 1, Size);
        Stream(connection, 1, queue, 2, Size);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new BasicGet(queue, NoAck: true));
            connection.Send(2, new BasicGet(queue, NoAck: true));
        });
        // Both have begun before anything is read, so the first cannot be done by then.
        Assert.True(SpinWait.SpinUntil(() => observer.Count(1, queue) == 0, TimeSpan.FromSeconds(30)));
        var (inTurns, last) = (0, 0);
        for (var left = new int[] { 0, Size, Size }; left[1] + left[2] > 0;)
        {
            var frame = connection.Receive();
            if (frame.Type != Frame.Body) continue;
            // From when both have begun until one is done.
            if (left[1] < Size && left[2] < Size && left[1] > 0 && left[2] > 0)
            {
                Assert.NotEqual(last, frame.Channel);
                inTurns++;
            }
            left[frame.Channel] -= frame.Payload.Length;
            last = frame.Channel;
        }
        Assert.True(inTurns > 10, $"{inTurns} frames came in turns");
    }

    [LevadaFact]
    public async Task D7_a_channel_closed_in_the_middle_of_a_body_ends_it_before_close_ok_and_others_go_on()
    {
        const int Size = 32 * MiB;
        await using var broker = await TestBroker.StartPrivateAsync();
        using var publisher = RawConnection.OpenWithChannel(broker);
        using var consumer = RawConnection.Open(broker, receiveBuffer: 64 * 1024);
        consumer.OpenChannel(1);
        consumer.OpenChannel(2);
        var queue = publisher.NewSharedQueue(1);
        for (var i = 0; i < 3; i++) Stream(publisher, 1, queue, i, Size);
        Assert.Equal(3u, publisher.Count(1, queue));
        consumer.Consume(1, queue);
        consumer.Expect<BasicDeliver>(1);
        ExpectHeader(consumer, 1);
        var left = Size - consumer.Receive().Payload.Length;
        consumer.Send(1, new ChannelClose(200, "bye", 0, 0));
        consumer.Send(2, new BasicQos(0, 1));
        var answered = false;
        while (left > 0)
        {
            if (consumer.Peek().Channel == 2)
            {
                consumer.Expect<BasicQosOk>(2);
                answered = true;
                continue;
            }
            var frame = consumer.Receive();
            Assert.Equal((Frame.Body, 1), (frame.Type, frame.Channel));
            left -= frame.Payload.Length;
        }
        Assert.True(answered, "channel 2 waited for channel 1");
        consumer.Expect<ChannelCloseOk>(1);
        Assert.Equal(3u, publisher.Count(1, queue));
        consumer.OpenChannel(1);
        var again = consumer.Get(1, queue);
        Assert.True(again.Redelivered);
        Assert.Equal(Size, again.Body.Length);
    }

    [LevadaFact]
    public async Task E1_a_close_of_the_connection_does_not_wait_for_a_body()
    {
        const int Size = 64 * MiB;
        await using var broker = await TestBroker.StartPrivateAsync();
        using var consumer = RawConnection.Open(broker, receiveBuffer: 64 * 1024);
        consumer.OpenChannel(1);
        var queue = consumer.NewQueue(1);
        Stream(consumer, 1, queue, 1, Size);
        consumer.Consume(1, queue);
        consumer.Expect<BasicDeliver>(1);
        ExpectHeader(consumer, 1);
        consumer.Send(0, new ConnectionClose(200, "bye", 0, 0));
        var received = 0L;
        while (consumer.Peek().Channel == 1)
            received += consumer.Receive().Payload.Length;
        consumer.Expect<ConnectionCloseOk>(0);
        Assert.True(received < Size, "all of the body came first");
        await UntilFilesAsync(broker.DataFolder, 0);
    }

    [LevadaFact]
    public async Task A_client_that_does_not_read_holds_one_large_body_a_channel_and_gives_it_back()
    {
        const int Size = 16 * MiB;
        await using var broker = await TestBroker.StartPrivateAsync();
        using var publisher = RawConnection.OpenWithChannel(broker);
        var queue = publisher.NewSharedQueue(1);
        for (var i = 0; i < 4; i++) Stream(publisher, 1, queue, i, Size);
        Assert.Equal(4u, publisher.Count(1, queue));
        using (var dead = RawConnection.Open(broker, receiveBuffer: 64 * 1024))
        {
            dead.OpenChannel(1);
            dead.Consume(1, queue);
            dead.Peek();
            await broker.UntilAsync(o => o is { MessagesUnacked: 1, MessagesReady: 3 });
            dead.Reset();
        }
        await broker.UntilAsync(o => o is { MessagesUnacked: 0, MessagesReady: 4 });
        for (var i = 0; i < 4; i++)
            Assert.True(publisher.Get(1, queue, noAck: true).Body.AsSpan().SequenceEqual(Make(i, Size)));
        await UntilFilesAsync(broker.DataFolder, 0);
    }

    [LevadaTheory]
    [InlineData(4096u)]
    [InlineData(0u)]
    public async Task C2_no_frame_of_a_large_body_is_larger_than_frame_max(uint frameMax)
    {
        const int Size = 2 * MiB + 1;
        await using var broker = await TestBroker.StartAsync(o => o.FrameMax = frameMax == 0 ? 0u : 131_072);
        using var connection = RawConnection.Open(broker, new Login { FrameMax = frameMax });
        connection.OpenChannel(1);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, Make(1, Size));
        var message = connection.Get(1, queue, noAck: true);
        Assert.True(message.Body.AsSpan().SequenceEqual(Make(1, Size)));
        Assert.InRange(message.LargestFrame, 100, frameMax == 0 ? 131_072 : (int)frameMax);
    }
}
