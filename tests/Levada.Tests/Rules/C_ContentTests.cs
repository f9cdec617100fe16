using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules C12 to C16: method, header, body, and what may be in them.</summary>
public sealed class C_ContentTests(BrokerFixture fixture)
{
    private const string NotAMethod = "UNEXPECTED_FRAME - expected method frame, got non method frame instead";
    private const string NotAHeader =
        "UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead";

    [Fact]
    public void C12_a_header_without_a_publish_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendHeader(1, 3);
        connection.ExpectConnectionError(505, NotAMethod, 0);
    }

    [Fact]
    public void C12_a_body_without_a_publish_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendBody(1, "abc"u8);
        connection.ExpectConnectionError(505, NotAMethod, 0);
    }

    [Fact]
    public void C12_a_method_where_the_header_should_be_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.Send(1, new BasicQos(0, 1));
        connection.ExpectConnectionError(505, NotAHeader, MethodId.BasicPublish);
    }

    [Fact]
    public void C12_a_second_publish_where_the_header_should_be_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendPublishMethod(1, "", "nowhere");
        connection.ExpectConnectionError(505, NotAHeader, MethodId.BasicPublish);
    }

    [Fact]
    public void C12_a_body_where_the_header_should_be_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendBody(1, "abc"u8);
        connection.ExpectConnectionError(505, NotAHeader, MethodId.BasicPublish);
    }

    [Fact]
    public void C12_a_method_where_the_body_should_be_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendHeader(1, 6);
        connection.SendBody(1, "abc"u8);
        connection.Send(1, new BasicAck(1));
        connection.ExpectConnectionError(
            505, "UNEXPECTED_FRAME - expected content body, got non content body frame instead",
            MethodId.BasicPublish);
    }

    [Fact]
    public void C12_a_second_header_where_the_body_should_be_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendHeader(1, 6);
        connection.SendHeader(1, 6);
        connection.ExpectConnectionError(
            505, "UNEXPECTED_FRAME - expected content body, got non content body frame instead",
            MethodId.BasicPublish);
    }

    [Fact]
    public void C12_a_header_of_another_class_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendFrame(Frame.Header, 1, Convert.FromHexString("0032000000000000000000010000"));
        connection.ExpectConnectionError(
            505, "UNEXPECTED_FRAME - expected content header for class 60, got one for class 50 instead",
            MethodId.BasicPublish);
    }

    [LevadaTheory]
    [InlineData("abc", "def")]
    [InlineData("abcdef", "")]
    public void C12_more_body_than_announced_is_501(string first, string second)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendHeader(1, 5);
        connection.SendBody(1, System.Text.Encoding.ASCII.GetBytes(first));
        if (second.Length > 0) connection.SendBody(1, System.Text.Encoding.ASCII.GetBytes(second));
        connection.ExpectConnectionError(
            501, "FRAME_ERROR - content body frame exceeds remaining content size", MethodId.BasicPublish);
    }

    [Fact]
    public void C13_empty_body_frames_between_the_others_do_no_harm()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = C_FrameTests.DeclareQueue(connection, 1);
        connection.SendPublishMethod(1, "", queue);
        connection.SendHeader(1, 6);
        connection.SendBody(1, default);
        connection.SendBody(1, "abc"u8);
        connection.SendBody(1, default);
        connection.SendBody(1, "def"u8);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        Assert.Equal("abcdef", connection.ExpectGetOk(1).Text);
    }

    [Fact]
    public void C13_a_message_without_a_body_is_complete_with_its_header()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = C_FrameTests.DeclareQueue(connection, 1);
        connection.SendPublishMethod(1, "", queue);
        connection.SendHeader(1, 0);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        var message = connection.ExpectGetOk(1);
        Assert.Equal((0, 0), (message.Body.Length, message.BodyFrames));
    }

    [Fact]
    public void C13_a_body_frame_behind_a_message_without_a_body_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendHeader(1, 0);
        connection.SendBody(1, default);
        connection.ExpectConnectionError(505, NotAMethod, 0);
    }

    [LevadaFact] // RabbitMQ takes such a frame for no content header
    public void C14_the_weight_is_ignored()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = C_FrameTests.DeclareQueue(connection, 1);
        connection.SendPublishMethod(1, "", queue);
        connection.SendFrame(Frame.Header, 1, Convert.FromHexString("003cffff00000000000000010000"));
        connection.SendBody(1, "x"u8);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        Assert.Equal("x", connection.ExpectGetOk(1).Text);
    }

    [LevadaFact]
    public async Task C15_a_message_that_is_too_large_is_406_at_its_header_and_its_body_is_let_pass()
    {
        await using var broker = await TestBroker.StartAsync(o => o.MaxMessageSize = 1000);
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendHeader(1, 1001);
        connection.ExpectChannelClose(
            1, 406, "PRECONDITION_FAILED - message size 1001 is larger than configured max size 1000",
            MethodId.BasicPublish);
        connection.SendBody(1, new byte[600]);
        connection.SendBody(1, new byte[401]);
        connection.Send(2, new BasicQos(0, 1));
        connection.Expect<BasicQosOk>(2);
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
        var queue = C_FrameTests.DeclareQueue(connection, 1);
        connection.Publish(1, "", queue, new byte[1000]);
        connection.Send(1, new BasicGet(queue));
        Assert.Equal(1000, connection.ExpectGetOk(1).Body.Length);
    }

    [LevadaFact]
    public void C15_an_absurd_body_size_costs_the_broker_nothing()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        connection.SendHeader(1, ulong.MaxValue);
        connection.ExpectChannelClose(
            1, 406, "PRECONDITION_FAILED - message size 18446744073709551615 is larger than configured max size ",
            MethodId.BasicPublish);
    }

    [Fact]
    public void C16_headers_of_every_type_come_back_as_they_went()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = C_FrameTests.DeclareQueue(connection, 1);
        // t b s I l f d D S A T F V x, and inside one another
        var headers = Headers()
            .Add("decimal", FieldValue.Decimal(2, 12_345))
            .Add("array", FieldValue.Array(FieldValue.Int(1), FieldValue.String("two"), FieldValue.Void))
            .Add("table", new FieldTable().Add("inner", Headers()));
        connection.Publish(1, "", queue, "", new BasicProperties { Headers = headers });
        connection.Send(1, new BasicGet(queue, NoAck: true));
        Assert.Equal(headers, connection.ExpectGetOk(1).Properties.Headers);

        static FieldTable Headers() => new FieldTable()
            .Add("t", true)
            .Add("b", FieldValue.Integer(FieldType.SignedByte, -1))
            .Add("s", FieldValue.Integer(FieldType.SignedShort, -300))
            .Add("I", FieldValue.Int(-70_000))
            .Add("l", FieldValue.Long(-5_000_000_000))
            .Add("f", FieldValue.Float(1.5f))
            .Add("d", FieldValue.Double(-2.25))
            .Add("S", "text")
            .Add("T", FieldValue.Timestamp(1_700_000_000))
            .Add("V", FieldValue.Void)
            .Add("x", FieldValue.Binary([0, 255, 0]));
    }

    [Fact]
    public void C16_unsigned_integers_are_taken()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = C_FrameTests.DeclareQueue(connection, 1);
        var headers = new FieldTable()
            .Add("B", FieldValue.Integer(FieldType.UnsignedByte, 200))
            .Add("u", FieldValue.Integer(FieldType.UnsignedShort, 60_000))
            .Add("i", FieldValue.Integer(FieldType.UnsignedInt, 4_000_000_000));
        connection.Publish(1, "", queue, "", new BasicProperties { Headers = headers });
        connection.Send(1, new BasicGet(queue, NoAck: true));
        var back = connection.ExpectGetOk(1).Properties.Headers!;
        Assert.Equal([200, 60_000, 4_000_000_000], back.Select(e => e.Value.AsLong));
        if (!TestBroker.IsForeign) Assert.Equal(headers, back);
    }

    [LevadaTheory]
    [InlineData(40, true)]
    [InlineData(1000, false)]
    public void C16_tables_inside_tables_have_a_bound(int depth, bool accepted)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = C_FrameTests.DeclareQueue(connection, 1);
        byte[] table = [];
        for (var i = 1; i < depth; i++)
            table = [1, (byte)'n', (byte)'F', 0, 0, (byte)(table.Length >> 8), (byte)table.Length, .. table];
        connection.SendPublishMethod(1, "", queue);
        byte[] length = [0, 0, (byte)(table.Length >> 8), (byte)table.Length];
        connection.SendFrame(Frame.Header, 1, [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, .. length, .. table]);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        if (accepted) connection.ExpectGetOk(1);
        else connection.ExpectConnectionError(501, "FRAME_ERROR - ", MethodId.BasicPublish);
    }

    [LevadaFact] // in RabbitMQ the first
    public void C16_of_two_entries_with_one_key_in_a_declare_the_last_counts()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = TestBroker.Name("C16");
        var twice = new FieldTable().Add("alternate-exchange", "one").Add("alternate-exchange", "two");
        connection.Send(1, new ExchangeDeclare(exchange, "direct", AutoDelete: true, Arguments: twice));
        connection.Expect<ExchangeDeclareOk>(1);
        var last = new FieldTable().Add("alternate-exchange", "two");
        connection.Send(1, new ExchangeDeclare(exchange, "direct", AutoDelete: true, Arguments: last));
        connection.Expect<ExchangeDeclareOk>(1);
        connection.Send(1, new ExchangeDelete(exchange));
        connection.Expect<ExchangeDeleteOk>(1);
    }
}
