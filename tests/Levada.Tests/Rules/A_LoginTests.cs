using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules A9 to A11 and A20: authentication.</summary>
public sealed class A_LoginTests(BrokerFixture fixture)
{
    private const string Refused = "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. "
        + "For details see the broker logfile.";

    [LevadaFact] // RabbitMQ wants the first part to be empty
    public void A9_PLAIN_takes_an_authorization_identity()
    {
        using var connection = StartOk("PLAIN", "guest\0guest\0guest"u8);
        connection.Expect<ConnectionTune>(0);
    }

    [Fact]
    public void A9_AMQPLAIN_is_a_table_without_its_length()
    {
        var table = new FieldTable().Add("LOGIN", "guest").Add("PASSWORD", "guest");
        using var connection = StartOk("AMQPLAIN", table.ToBytes().AsSpan(^table.EncodedLength..));
        connection.Expect<ConnectionTune>(0);
    }

    [Fact]
    public void A9_AMQPLAIN_with_a_wrong_password_is_refused()
    {
        var table = new FieldTable().Add("LOGIN", "guest").Add("PASSWORD", "wrong");
        using var connection = StartOk("AMQPLAIN", table.ToBytes().AsSpan(^table.EncodedLength..));
        connection.ExpectConnectionClose(403, Refused.Replace("PLAIN", "AMQPLAIN", StringComparison.Ordinal), 0);
    }

    [LevadaTheory]
    [InlineData("PLAIN", "")]
    [InlineData("PLAIN", "guest")]
    [InlineData("PLAIN", "\0guest")]
    [InlineData("AMQPLAIN", "")]
    [InlineData("AMQPLAIN", "\u0005LOGIN")]
    public void A9_a_response_that_makes_no_sense_is_refused(string mechanism, string response)
    {
        using var connection = StartOk(mechanism, Encoding.UTF8.GetBytes(response));
        connection.ExpectConnectionClose(
            403, Refused.Replace("PLAIN", mechanism, StringComparison.Ordinal), 0);
    }

    [Theory]
    [InlineData("guest", "wrong")]
    [InlineData("guest", "")]
    [InlineData("nobody", "guest")]
    [InlineData("", "")]
    public void A10_bad_credentials_get_403_when_the_client_announced_that_it_can_take_it(string user, string password)
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        connection.SendStartOk(new Login(user, password));
        var close = connection.ExpectConnectionClose(403, Refused, 0);
        Assert.Equal(Refused, close.ReplyText);
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();
    }

    [Fact]
    public void A10_bad_credentials_get_the_end_alone_when_it_was_not_announced()
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        connection.SendStartOk(new Login("guest", "wrong") { ClientProperties = Login.Properties() });
        connection.ExpectEnd();
    }

    [LevadaFact]
    public async Task A10_the_log_names_the_user_that_was_refused()
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        var user = TestBroker.Name("stranger");
        connection.SendStartOk(new Login(user));
        connection.Expect<ConnectionClose>(0);
        await fixture.Broker.Log.WaitForAsync(connection.Name, user);
    }

    [LevadaFact]
    public void A10_an_unknown_mechanism_is_refused_likewise()
    {
        using var connection = StartOk("EXTERNAL", default);
        connection.ExpectConnectionClose(
            403, Refused.Replace("PLAIN", "EXTERNAL", StringComparison.Ordinal), 0);
    }

    [LevadaFact]
    public async Task A11_guest_from_another_machine_is_refused_and_the_log_names_the_setting()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(address is null, "this machine has no address but the loopback");
        await using var broker = await TestBroker.StartAsync(o => o.AmqpListeners = [new ListenerOptions(address!, 0)]);
        using var connection = RawConnection.Connect(broker);
        connection.SendStartOk(new Login());
        connection.ExpectConnectionClose(403, Refused, 0);
        await broker.Log.WaitForAsync("guest", "loopback_users");
    }

    [Fact]
    public void A20_anything_but_start_ok_before_it_gets_the_end_alone()
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        connection.Send(Frame.ProtocolHeader);
        connection.Expect<ConnectionStart>(0);
        connection.Send(1, new ChannelOpen());
        connection.ExpectEnd();
    }

    [LevadaTheory]
    [InlineData(Frame.Method, 0, "000a0028012f0000")] // connection.open, too early
    [InlineData(Frame.Method, 0, "003c000a00000000000000")] // basic.qos
    [InlineData(Frame.Method, 1, "000a000b")] // start-ok on a channel
    [InlineData(Frame.Header, 0, "003c00000000000000000000")]
    [InlineData(Frame.Body, 0, "00")]
    public async Task A20_the_log_says_why_a_handshake_was_dropped(byte type, ushort channel, string payload)
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        var name = connection.Name;
        connection.Send(Frame.ProtocolHeader);
        connection.Expect<ConnectionStart>(0);
        connection.SendFrame(type, channel, Convert.FromHexString(payload));
        connection.ExpectEnd();
        await fixture.Broker.Log.WaitForAsync(name, "in state starting; dropped");
    }

    private RawConnection StartOk(string mechanism, ReadOnlySpan<byte> response)
    {
        var connection = RawConnection.Connect(fixture.Broker);
        connection.Send(Frame.ProtocolHeader);
        connection.Expect<ConnectionStart>(0);
        connection.Send(0, new ConnectionStartOk(new Login().ClientProperties, mechanism, response.ToArray(), "en_US"));
        return connection;
    }
}
