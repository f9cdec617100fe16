using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules D13 to D15 and D18: what an error closes, and the silence on the channel after it.</summary>
public sealed class D_AfterTheCloseTests(BrokerFixture fixture)
{
    public static TheoryData<string> Mistakes => [.. SoftMistake.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void D13_D14_after_a_soft_error_the_channel_is_silent_and_the_others_go_on(string name)
    {
        var mistake = SoftMistake.All.Single(m => m.Name == name);
        Assert.SkipWhen(TestBroker.IsForeign && mistake.OnlyLevada, "only Levada does this");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        mistake.Prepare?.Invoke(connection);
        connection.InOneWrite(() =>
        {
            mistake.Make(connection);
            connection.Send(1, new BasicQos(0, 1)); // must not be answered
            connection.Send(1, new ConfirmSelect());
            connection.Publish(1, "", "nowhere", "x", mandatory: true);
            connection.Send(1, new BasicConsume("missing", "c"));
            connection.Send(1, new BasicAck(77));
        });
        connection.ExpectChannelClose(1, mistake.Code, mistake.Text, mistake.Method);
        C_FrameTests.RoundTrip(connection, 2, "still here");
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
        C_FrameTests.RoundTrip(connection, 1, "anew");
        connection.Close();
    }

    [LevadaTheory] // RabbitMQ sends some when the close is its own
    [InlineData(false)]
    [InlineData(true)]
    public void D13_no_delivery_follows_the_close_of_a_busy_consumer(bool byServer)
    {
        using var publisher = RawConnection.OpenWithChannel(fixture.Broker);
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = D_ChannelCloseTests.Filled(publisher, 1);
        for (var round = 0; round < 20; round++)
        {
            connection.Send(1, new BasicConsume(queue, "c", NoAck: round % 2 == 0));
            publisher.InOneWrite(() =>
            {
                for (var i = 0; i < 200; i++) publisher.Publish(1, "", queue, "x");
            });
            if (byServer) connection.Send(1, new QueueDeclare("missing", Passive: true));
            else connection.Send(1, new ChannelClose(200, "", 0, 0));
            publisher.InOneWrite(() =>
            {
                for (var i = 0; i < 200; i++) publisher.Publish(1, "", queue, "x");
            });
            SkipTo(connection, f => f.Is<ChannelClose>() || f.Is<ChannelCloseOk>());
            // A round trip through the same queue: what a late delivery would have come before.
            connection.Send(2, new QueuePurge(queue));
            connection.Expect<QueuePurgeOk>(2);
            if (byServer) connection.Send(1, new ChannelCloseOk());
            connection.OpenChannel(1);
        }
        connection.Close();
    }

    [LevadaFact]
    public void D15_flow_recover_without_requeue_and_immediate_work()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new ChannelFlow(false));
        Assert.False(connection.Expect<ChannelFlowOk>(1).Active);
        connection.Send(1, new ChannelFlow(true));
        Assert.True(connection.Expect<ChannelFlowOk>(1).Active);
        connection.Send(1, new BasicRecover(false));
        connection.Expect<BasicRecoverOk>(1);
        var queue = D_ChannelCloseTests.Filled(connection, 1);
        connection.Publish(1, "", queue, "nobody listens", immediate: true);
        Assert.Equal(313, connection.ExpectReturn(1).ReplyCode);
        connection.CloseChannel(1);
    }

    [Fact]
    public void D15_a_consumer_tag_used_twice_is_530()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = D_ChannelCloseTests.Filled(connection, 1);
        connection.Send(1, new BasicConsume(queue, "a"));
        connection.Expect<BasicConsumeOk>(1);
        connection.Send(1, new BasicConsume(queue, "a"));
        connection.ExpectConnectionError(
            530, "NOT_ALLOWED - attempt to reuse consumer tag 'a'", MethodId.BasicConsume);
    }

    [Fact]
    public void D18_closing_many_busy_channels_does_not_hold_up_the_others()
    {
        const int Channels = 200;
        using var connection = RawConnection.Open(fixture.Broker);
        connection.OpenChannel(1000);
        var queue = D_ChannelCloseTests.Filled(connection, 1000);
        connection.InOneWrite(() =>
        {
            for (var i = 0; i < Channels * 10; i++) connection.Publish(1000, "", queue, "x");
            for (ushort channel = 1; channel <= Channels; channel++)
            {
                connection.Send(channel, new ChannelOpen());
                connection.Send(channel, new BasicQos(0, 10));
                connection.Send(channel, new BasicConsume(queue, "c"));
            }
        });
        var delivered = 0;
        while (delivered < Channels * 10)
            if (connection.Receive().Is<BasicDeliver>()) delivered++;
        connection.InOneWrite(() =>
        {
            for (ushort channel = 1; channel <= Channels; channel++)
                connection.Send(channel, new ChannelClose(200, "", 0, 0));
            connection.Send(1000, new QueueDeclare(queue, Passive: true));
        });
        var closed = 0;
        QueueDeclareOk? count = null;
        while (closed < Channels || count is null)
        {
            var frame = connection.Receive();
            if (frame.Is<ChannelCloseOk>()) closed++;
            if (frame.Is<QueueDeclareOk>()) count = frame.Method<QueueDeclareOk>();
        }
        Assert.Equal((uint)Channels * 10, D_ChannelCloseTests.Count(connection, 1000, queue));
    }

    private static void SkipTo(RawConnection connection, Predicate<RawFrame> wanted)
    {
        while (!wanted(connection.Receive()))
        {
        }
    }
}
