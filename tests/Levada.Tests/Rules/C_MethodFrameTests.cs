using System.Text;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules C8 to C11: methods that cannot be read, do not exist, or are not the client's to send.</summary>
public sealed class C_MethodFrameTests(BrokerFixture fixture)
{
    public static TheoryData<uint> ServersMethods =>
    [
        MethodId.ChannelOpenOk, MethodId.ExchangeDeclareOk, MethodId.ExchangeDeleteOk, MethodId.ExchangeBindOk,
        MethodId.ExchangeUnbindOk, MethodId.QueueBindOk, MethodId.QueueUnbindOk, MethodId.BasicQosOk,
        MethodId.BasicRecoverOk, MethodId.ConfirmSelectOk, MethodId.TxSelectOk, MethodId.TxCommitOk,
        MethodId.TxRollbackOk,
    ];

    [Theory]
    [InlineData(MethodId.QueueDeclare, "00")]
    [InlineData(MethodId.QueueDeclare, "")]
    [InlineData(MethodId.QueueDeclare, "0000057175657565")] // the flags and the table are missing
    [InlineData(MethodId.BasicAck, "00000000")]
    [InlineData(MethodId.BasicConsume, "0000ff71")]
    [InlineData(MethodId.QueueDeclare, "000001710000000100")] // a table longer than the frame
    public void C8_arguments_that_are_short_or_garbled_are_501_naming_the_method(uint method, string arguments)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendMethod(1, method, Convert.FromHexString(arguments));
        var close = connection.ExpectConnectionError(501, "FRAME_ERROR - ", method);
        if (!TestBroker.IsForeign)
            Assert.Contains(MethodId.Name(method), close.ReplyText, StringComparison.Ordinal);
    }

    [LevadaFact] // RabbitMQ ends without a frame here
    public void C8_a_table_entry_of_an_unknown_type_is_501()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendMethod(1, MethodId.QueueDeclare, Convert.FromHexString("00000171000000000403786161"));
        connection.ExpectConnectionError(501, "FRAME_ERROR - ", MethodId.QueueDeclare);
    }

    [LevadaTheory] // RabbitMQ ends without a frame here
    [InlineData(Frame.Method, "")]
    [InlineData(Frame.Method, "003c")]
    public void C8_a_method_frame_without_a_method_is_501(byte type, string payload)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendFrame(type, 1, Convert.FromHexString(payload));
        connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
    }

    [Theory]
    [InlineData(MethodId.BasicQos, "00000000000000")]
    [InlineData(MethodId.TxSelect, "")]
    [InlineData(MethodId.BasicAck, "000000000000000100")]
    public void C8b_octets_behind_the_arguments_are_501(uint method, string arguments)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendMethod(1, method, [.. Convert.FromHexString(arguments), 0x7A]);
        connection.ExpectConnectionError(501, "FRAME_ERROR - ", method);
    }

    [LevadaTheory]
    [InlineData("0001")] // flags continue, and do not
    [InlineData("00010000")]
    [InlineData("8000")] // content-type is announced and missing
    [InlineData("800005616263")] // content-type is cut off
    [InlineData("00007A")] // an octet too many
    [InlineData("2000000000050161")] // headers longer than the frame
    [InlineData("20000000000401617a7a")] // a header of an unknown type
    [InlineData("")] // no flags at all
    public void C8b_properties_that_cannot_be_read_are_501(string properties)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendPublishMethod(1, "", "nowhere");
        byte[] header = [0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Convert.FromHexString(properties)];
        connection.SendFrame(Frame.Header, 1, header);
        connection.ExpectConnectionError(501, "FRAME_ERROR - ", MethodId.BasicPublish);
    }

    [LevadaTheory]
    [InlineData((30u << 16) | 10, "0000012f0000")] // access.request, gone since 0-9-1
    [InlineData((60u << 16) | 115, "01020304")]
    [InlineData((99u << 16) | 1, "")]
    [InlineData((0u << 16) | 0, "ffff")]
    [InlineData((50u << 16) | 60, "")]
    public void C9_an_unknown_method_is_540_with_its_numbers(uint method, string arguments)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.InOneWrite(() =>
        {
            connection.SendMethod(1, method, Convert.FromHexString(arguments));
            connection.Send(1, new BasicQos(0, 1));
        });
        connection.ExpectConnectionError(540, "NOT_IMPLEMENTED - ", method);
    }

    [Theory]
    [MemberData(nameof(ServersMethods))]
    public void C10_a_method_of_the_server_is_503_from_a_client(uint method)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendMethod(1, method, method == MethodId.ChannelOpenOk ? [0, 0, 0, 0] : []);
        connection.ExpectConnectionError(503, "COMMAND_INVALID - ", method);
    }

    [Fact]
    public void C10_declare_ok_from_a_client_is_503()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new QueueDeclareOk("q", 0, 0));
        connection.ExpectConnectionError(503, "COMMAND_INVALID - ", MethodId.QueueDeclareOk);
    }

    [LevadaFact] // RabbitMQ wants a content behind these, and says 505 when none comes
    public void C10_the_servers_contents_are_503_from_a_client()
    {
        using var deliver = RawConnection.OpenWithChannel(fixture.Broker);
        deliver.Send(1, new BasicDeliver("c"u8, 1, false, default, "q"u8));
        deliver.ExpectConnectionError(503, "COMMAND_INVALID - ", MethodId.BasicDeliver);

        using var getOk = RawConnection.OpenWithChannel(fixture.Broker);
        getOk.Send(1, new BasicGetOk(1, false, default, "q"u8, 0));
        getOk.ExpectConnectionError(503, "COMMAND_INVALID - ", MethodId.BasicGetOk);

        using var returned = RawConnection.OpenWithChannel(fixture.Broker);
        returned.Send(1, new BasicReturn(312, "NO_ROUTE", default, "q"u8));
        returned.ExpectConnectionError(503, "COMMAND_INVALID - ", MethodId.BasicReturn);
    }

    [Theory]
    [InlineData(Frame.Header)]
    [InlineData(Frame.Body)]
    public void C11_content_on_channel_0_is_505(byte type)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendFrame(type, 0, Encoding.ASCII.GetBytes("\0\u003c\0\0\0\0\0\0\0\0\0\0\0\0"));
        connection.ExpectConnectionError(505, "UNEXPECTED_FRAME - ", 0);
    }
}
