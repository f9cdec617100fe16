using System.Net.Sockets;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules A1 to A8 and A23: the TCP connection, the protocol header, what either side says of itself.</summary>
public sealed class A_HandshakeTests(BrokerFixture fixture)
{
    private static readonly string[] Capabilities =
    [
        "authentication_failure_close", "basic.nack", "connection.blocked", "consumer_cancel_notify",
        "consumer_priorities", "direct_reply_to", "exchange_exchange_bindings", "per_consumer_qos",
        "publisher_confirms",
    ];

    [Theory]
    [InlineData(new byte[] { 0, 0, 9, 1 })]
    [InlineData(new byte[] { 1, 1, 0, 9 })]
    public void A1_both_spellings_of_the_protocol_header_are_answered_with_start(byte[] version)
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        connection.Send([.. "AMQP"u8, .. version]);
        connection.Expect<ConnectionStart>(0);
    }

    [Theory]
    [InlineData("414d515000000800")] // AMQP 0-8-0
    [InlineData("414d515003010000")] // AMQP 1.0 with SASL
    [InlineData("414d515000010000")] // AMQP 1.0
    [InlineData("4854545020312e31")] // anything
    [InlineData("0000000000000000")]
    public void A2_other_octets_are_answered_with_the_header_of_0_9_1_and_the_end(string hex)
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        connection.Send(Convert.FromHexString(hex));
        Assert.Equal(Frame.ProtocolHeader.ToArray(), connection.ReceiveOctets(8));
        Assert.Empty(connection.ReceiveOctets(1));
    }

    [LevadaTheory]
    [InlineData("GET / HTTP/1.1\r\n", "HTTP")]
    [InlineData("POST /api HTTP/1.1\r\n", "HTTP")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001", "TLS")]
    public async Task A2_the_log_says_what_the_wrong_octets_look_like(string text, string hint)
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        var name = connection.Name;
        connection.Send(System.Text.Encoding.Latin1.GetBytes(text));
        Assert.Equal(Frame.ProtocolHeader.ToArray(), connection.ReceiveOctets(8));
        await fixture.Broker.Log.WaitForAsync(name, hint);
    }

    [LevadaFact]
    public async Task A3_a_health_check_that_connects_and_goes_leaves_no_line_above_debug_and_no_churn()
    {
        await using var broker = await TestBroker.StartAsync();
        var check = RawConnection.Connect(broker);
        var peer = check.Socket.LocalEndPoint!.ToString()!;
        check.Dispose();
        using var connection = RawConnection.Open(broker);
        connection.Close();
        Assert.DoesNotContain(broker.Log.Lines, line =>
            line.Contains(peer, StringComparison.Ordinal)
            && !line.StartsWith("Debug", StringComparison.Ordinal)
            && !line.StartsWith("Trace", StringComparison.Ordinal));
        Assert.Equal(1, broker.Broker.GetOverview().Churn.ConnectionsOpened);
    }

    [LevadaFact]
    public async Task A4_a_handshake_that_does_not_get_on_is_dropped_at_the_deadline()
    {
        await using var broker = await TestBroker.StartAsync(o => o.HandshakeTimeout = TimeSpan.FromMilliseconds(400));
        using var silent = RawConnection.Connect(broker);
        using var half = RawConnection.Connect(broker);
        half.Send("AMQP"u8);
        using var started = RawConnection.Connect(broker);
        started.Send(Frame.ProtocolHeader);
        started.Expect<ConnectionStart>(0);
        using var tuned = RawConnection.Connect(broker);
        tuned.Handshake(new Login());

        silent.ExpectEnd();
        half.ExpectEnd();
        started.ExpectEnd();
        tuned.ExpectEnd();
    }

    [LevadaFact]
    public async Task A4_octets_that_trickle_in_do_not_move_the_deadline()
    {
        await using var broker = await TestBroker.StartAsync(o => o.HandshakeTimeout = TimeSpan.FromMilliseconds(400));
        using var connection = RawConnection.Connect(broker);
        connection.Send(Frame.ProtocolHeader);
        connection.Expect<ConnectionStart>(0);
        connection.Send([Frame.Method, 0, 0, 0, 0, 8, 0]); // a start-ok of 2 KiB, one octet at a time
        connection.Socket.ReceiveTimeout = 50;
        var sent = 0;
        try
        {
            for (; sent < 1000 && !Ended(connection); sent++) connection.Send([0]);
        }
        catch (SocketException)
        {
            // The reset of a send that came after the end.
        }
        Assert.InRange(sent, 1, 400);
    }

    [Fact]
    public void A5_start_offers_PLAIN_and_AMQPLAIN_and_en_US()
    {
        using var connection = RawConnection.Open(fixture.Broker);
        Assert.Equal((0, 9), (connection.Start.VersionMajor, connection.Start.VersionMinor));
        Assert.Equal(["AMQPLAIN", "PLAIN"], connection.Start.Mechanisms.Split(' ').Order());
        Assert.Equal("en_US", connection.Start.Locales);
        connection.Close();
    }

    [LevadaFact]
    public void A5_PLAIN_comes_first()
    {
        using var connection = RawConnection.Open(fixture.Broker);
        Assert.Equal("PLAIN AMQPLAIN", connection.Start.Mechanisms);
    }

    [Fact]
    public void A6_server_properties_and_the_nine_capabilities()
    {
        using var connection = RawConnection.Open(fixture.Broker);
        var properties = connection.Start.ServerProperties;
        foreach (var key in (string[])["product", "version", "platform", "copyright", "information", "cluster_name"])
        {
            Assert.True(properties.TryGet(key, out var value), key);
            Assert.False(string.IsNullOrWhiteSpace(value.AsString), key);
        }
        properties.TryGet("version", out var version);
        Assert.Matches(@"^\d+\.\d+\.\d+", version.AsString);
        Assert.True(properties.TryGet("capabilities", out var capabilities));
        var announced = new List<string>();
        foreach (var (key, value) in capabilities.AsTable)
        {
            Assert.True(value.AsBoolean, key);
            announced.Add(key);
        }
        Assert.Equal(Capabilities, announced.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A7_client_properties_of_every_type_are_taken()
    {
        var properties = Login.Properties("basic.nack")
            .Add("connection_name", "orders")
            .Add("flag", FieldValue.Boolean(true)).Add("double", 1.5)
            .Add("time", FieldValue.Timestamp(1)).Add("void", FieldValue.Void)
            .Add("list", FieldValue.Array(FieldValue.Int(1), FieldValue.String("two")))
            .Add("long text", new string('x', 3000));
        using var connection = RawConnection.Open(fixture.Broker, new Login { ClientProperties = properties });
        connection.Close();
    }

    [LevadaFact]
    public async Task A7_the_log_names_the_connection_as_the_client_does()
    {
        var name = TestBroker.Name("orders");
        var properties = Login.Properties().Add("connection_name", name);
        using var connection = RawConnection.Open(fixture.Broker, new Login { ClientProperties = properties });
        await fixture.Broker.Log.WaitForAsync(connection.Name, name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A8_basic_cancel_is_sent_only_to_a_client_that_announced_it(bool announced)
    {
        var properties = announced ? Login.Properties("consumer_cancel_notify") : Login.Properties();
        using var connection = RawConnection.OpenWithChannel(
            fixture.Broker, new Login { ClientProperties = properties });
        var queue = TestBroker.Name("A8");
        connection.Send(1, new QueueDeclare(queue));
        connection.Expect<QueueDeclareOk>(1);
        connection.Send(1, new BasicConsume(queue, "c"));
        connection.Expect<BasicConsumeOk>(1);
        connection.OpenChannel(2);
        connection.Send(2, new QueueDelete(queue));
        var first = connection.Receive();
        var frames = new List<RawFrame> { first };
        if (announced) frames.Add(connection.Receive());
        Assert.Equal(announced ? 1 : 0, frames.Count(f => f.Is<BasicCancel>() && f.Channel == 1));
        Assert.Single(frames, f => f.Is<QueueDeleteOk>() && f.Channel == 2);
        if (announced)
            Assert.Equal(new BasicCancel("c", true), frames.First(f => f.Is<BasicCancel>()).Method<BasicCancel>());
        connection.CloseChannel(1);
    }

    [LevadaFact]
    public async Task A23_a_connection_is_named_by_its_two_ends()
    {
        using var connection = RawConnection.Open(fixture.Broker);
        var local = (System.Net.IPEndPoint)connection.Socket.LocalEndPoint!;
        var remote = (System.Net.IPEndPoint)connection.Socket.RemoteEndPoint!;
        await fixture.Broker.Log.WaitForAsync($"{local.Address}:{local.Port} -> {remote.Address}:{remote.Port}");
    }

    // Whether the broker has ended the connection; waits a little for it, which paces the sender.
    private static bool Ended(RawConnection connection)
    {
        try
        {
            return connection.ReceiveOctets(1).Length == 0;
        }
        catch (AmqpExpectationException)
        {
            return false;
        }
    }
}
