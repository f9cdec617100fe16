using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules C1 to C7: frames as such.</summary>
public sealed class C_FrameTests(BrokerFixture fixture)
{
    [Fact]
    public void C1_all_four_types_of_frame_are_taken()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendHeartbeat();
        RoundTrip(connection, 1, "body");
        connection.SendHeartbeat();
        connection.CloseChannel(1);
    }

    [Fact]
    public void C1_a_frame_may_come_octet_by_octet()
    {
        using var connection = RawConnection.Open(fixture.Broker);
        var frame = new byte[64];
        var length = FrameWriter.WriteMethod(frame, 1, new ChannelOpen());
        foreach (var octet in frame[..length]) connection.Send([octet]);
        connection.Expect<ChannelOpenOk>(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xCF)]
    [InlineData(0x4E)]
    public void C2_a_wrong_frame_end_is_501_before_the_frame_is_acted_on(byte end)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = TestBroker.Name("C2");
        var declare = new byte[256];
        var length = FrameWriter.WriteMethod(declare, 1, new QueueDeclare(queue));
        declare[length - 1] = end;
        connection.Send(declare.AsSpan(0, length));
        var close = connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
        if (!TestBroker.IsForeign)
            Assert.Equal($"FRAME_ERROR - frame-end octet was {end}, expected 206", close.ReplyText);

        using var other = RawConnection.OpenWithChannel(fixture.Broker);
        other.Send(1, new QueueDeclare(queue, Passive: true));
        other.ExpectChannelClose(1, 404, "NOT_FOUND - no queue", MethodId.QueueDeclare);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(255)]
    public void C3_an_unknown_type_is_501(byte type)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendFrame(type, 1, "abc"u8);
        var close = connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
        Assert.Contains($"type {type}", close.ReplyText, StringComparison.Ordinal);
    }

    [Fact]
    public void C4_a_payload_of_frame_max_is_taken()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, new Login(FrameMax: 4096));
        var queue = DeclareQueue(connection, 1);
        connection.SendPublishMethod(1, "", queue);
        connection.SendHeader(1, 4096);
        connection.SendBody(1, new byte[4096]);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        Assert.Equal(4096, connection.ExpectGetOk(1).Body.Length);
    }

    [Fact]
    public void C4_a_payload_of_frame_max_and_one_is_501()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, new Login(FrameMax: 4096));
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendHeader(1, 4097);
        connection.SendBody(1, new byte[4097]);
        var close = connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
        if (!TestBroker.IsForeign) Assert.Contains("4097", close.ReplyText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(131_073u)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(0xFFFF_FFFFu)]
    public void C5_the_size_is_judged_by_the_header_alone(uint size)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(
            [Frame.Body, 0, 1, (byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size]);
        connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
    }

    [LevadaFact]
    public void C5_before_tune_ok_a_frame_has_at_most_4096_octets()
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        connection.Send(Frame.ProtocolHeader);
        connection.Expect<ConnectionStart>(0);
        connection.Send([Frame.Method, 0, 0, 0, 0, 0x10, 0x01]);
        connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
    }

    [Fact]
    public void C6_bodies_are_split_at_the_receivers_frame_max()
    {
        using var publisher = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = DeclareQueue(publisher, 1);
        publisher.Publish(1, "", queue, new byte[10_000]);
        using var consumer = RawConnection.OpenWithChannel(fixture.Broker, new Login(FrameMax: 4096));
        consumer.Send(1, new BasicConsume(queue, "c", NoAck: true));
        consumer.Expect<BasicConsumeOk>(1);
        var message = consumer.ExpectDeliver(1);
        Assert.Equal((10_000, 3, 4096), (message.Body.Length, message.BodyFrames, message.LargestFrame));
    }

    [Fact]
    public async Task C6_a_header_larger_than_the_receivers_frame_max_is_one_frame_all_the_same()
    {
        using var publisher = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = DeclareQueue(publisher, 1);
        var headers = new BasicProperties { Headers = new FieldTable().Add("long", new string('x', 20_000)) };
        publisher.Publish(1, "", queue, "body", headers);
        publisher.Publish(1, "", queue, "body", headers);
        using var consumer = RawConnection.OpenWithChannel(fixture.Broker, new Login(FrameMax: 4096));
        consumer.Send(1, new BasicConsume(queue, "c", NoAck: true));
        consumer.Expect<BasicConsumeOk>(1);
        Assert.InRange(consumer.ExpectDeliver(1).LargestFrame, 20_000, 20_100);
        Assert.InRange(consumer.ExpectDeliver(1).LargestFrame, 20_000, 20_100);
        if (TestBroker.IsForeign) return;
        var line = await fixture.Broker.Log.WaitForAsync("Warning", consumer.Name, "4096");
        Assert.Contains(queue, line, StringComparison.Ordinal);
        Assert.Single(fixture.Broker.Log.Lines, line.Equals);
    }

    [Fact]
    public void C7_contents_of_two_channels_may_be_interleaved()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = DeclareQueue(connection, 1);
        connection.SendPublishMethod(1, "", queue);
        connection.SendPublishMethod(2, "", queue);
        connection.SendHeader(2, 4);
        connection.SendHeader(1, 6);
        connection.SendBody(1, "fi"u8);
        connection.SendBody(2, "se"u8);
        connection.SendBody(2, "co"u8);
        connection.Send(2, new BasicQos(0, 0));
        connection.Expect<BasicQosOk>(2);
        connection.SendBody(1, "rst."u8);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        Assert.Equal("seco", connection.ExpectGetOk(1).Text);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        Assert.Equal("first.", connection.ExpectGetOk(1).Text);
    }

    internal static string DeclareQueue(RawConnection connection, ushort channel)
    {
        var queue = TestBroker.Name("C");
        connection.Send(channel, new QueueDeclare(queue));
        connection.Expect<QueueDeclareOk>(channel);
        return queue;
    }

    internal static void RoundTrip(RawConnection connection, ushort channel, string text)
    {
        var queue = DeclareQueue(connection, channel);
        connection.Publish(channel, "", queue, text);
        connection.Send(channel, new BasicGet(queue, NoAck: true));
        Assert.Equal(text, connection.ExpectGetOk(channel).Text);
        connection.Send(channel, new QueueDelete(queue));
        connection.Expect<QueueDeleteOk>(channel);
    }
}
