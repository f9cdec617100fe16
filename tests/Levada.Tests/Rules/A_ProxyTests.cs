using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Levada.Protocol;
using Levada.Transports;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>The PROXY protocol, versions 1 and 2, from those who are trusted; rules A4, A11 and A23 with it.</summary>
public sealed class A_ProxyTests
{
    private const string Signature = "0d0a0d0a000d0a515549540a";

    [LevadaTheory]
    [InlineData("PROXY TCP4 203.0.113.7 10.0.0.1 4711 5672\r\n", "203.0.113.7:4711")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 4711 5672\r\n", "[2001:db8::7]:4711")]
    [InlineData(Signature + "2111000c" + "cb007107" + "0a000001" + "1267" + "1628", "203.0.113.7:4711")]
    [InlineData(Signature + "21110013" + "cb007107" + "0a000001" + "1267" + "1628" + "04000401020304",
        "203.0.113.7:4711")]
    [InlineData(Signature + "21210024" + "20010db8000000000000000000000007" + "20010db8000000000000000000000001"
        + "1267" + "1628", "[2001:db8::7]:4711")]
    public async Task A23_connection_is_named_after_the_client_behind_the_proxy(string header, string peer)
    {
        await using var broker = await StartAsync(o => o.LoopbackUsers = new HashSet<string>());
        using var connection = RawConnection.Connect(broker);
        // With the first bytes of AMQP in the same packet: not one of them may be lost.
        connection.Send([.. Bytes(header), .. Frame.ProtocolHeader]);
        connection.Expect<ConnectionStart>(0);
        var open = Assert.Single(broker.Broker.Connections.All);
        Assert.Equal($"{peer} -> 127.0.0.1:{broker.Port}", open.Name);
        Assert.Equal(peer, open.Peer!.ToString());
    }

    [LevadaTheory]
    [InlineData("PROXY TCP4 203.0.113.7 10.0.0.1 4711 5672\r\n")]
    [InlineData(Signature + "2111000c" + "7f000001" + "0a000001" + "1267" + "1628")]
    public async Task Header_may_come_byte_by_byte(string header)
    {
        await using var broker = await StartAsync(o => o.LoopbackUsers = new HashSet<string>());
        using var connection = RawConnection.Connect(broker);
        foreach (var octet in Bytes(header)) connection.Send([octet]);
        connection.Open(new Login());
    }

    [LevadaTheory]
    [InlineData("PROXY TCP4 127.0.0.1 10.0.0.1 4711 5672\r\n", true)]
    [InlineData("PROXY TCP4 203.0.113.7 10.0.0.1 4711 5672\r\n", false)]
    [InlineData("PROXY UNKNOWN\r\n", false)]
    [InlineData("PROXY UNKNOWN ffff::1 what ever 1 2\r\n", false)]
    [InlineData(Signature + "21000000", false)] // a client whose address is not told
    [InlineData(Signature + "20000000", true)] // LOCAL: the proxy itself, which is on this machine
    [InlineData(Signature + "2000000c" + "cb007107" + "0a000001" + "1267" + "1628", true)]
    public async Task A11_guest_is_judged_by_the_address_behind_the_proxy(string header, bool letIn)
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.Connect(broker);
        connection.Send(Bytes(header));
        connection.SendStartOk(new Login());
        if (letIn)
        {
            connection.Expect<ConnectionTune>(0);
            return;
        }
        connection.Expect<ConnectionClose>(0);
        await broker.Log.WaitForAsync("loopback_users");
    }

    [LevadaTheory]
    [InlineData("AMQP\0\0\u0009\u0001")]
    [InlineData("PROXY TCP4 203.0.113.7 10.0.0.1 4711\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 10.0.0.1 4711 70000\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 10.0.0.1 -1 5672\r\n")]
    [InlineData("PROXY TCP4 203.0.113 10.0.0.1 4711 5672\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 10.0.0.1 4711 5672\r\n")]
    [InlineData("PROXY TCP6 [2001:db8::7] ::1 4711 5672\r\n")]
    [InlineData("PROXY UDP4 203.0.113.7 10.0.0.1 4711 5672\r\n")]
    [InlineData("PROXY  \r\n-----")]
    [InlineData("PROXY UNKNOWN 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 "
        + "123456789 1234\r\n")] // 108 bytes
    [InlineData("PROXY UNKNOWN\nAMQP")]
    [InlineData(Signature + "1111000c" + "cb007107" + "0a000001" + "1267" + "1628")] // version 1 in binary
    [InlineData(Signature + "2211000c" + "cb007107" + "0a000001" + "1267" + "1628")] // command 2
    [InlineData(Signature + "2112000c" + "cb007107" + "0a000001" + "1267" + "1628")] // UDP
    [InlineData(Signature + "21110004" + "cb007107")] // too short for its family
    [InlineData(Signature + "21210000")]
    public async Task Wrong_header_of_a_trusted_proxy_ends_the_connection(string header)
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.Connect(broker);
        connection.Send(Bytes(header));
        connection.ExpectEnd();
        await broker.Log.WaitForAsync("is refused", "PROXY");
        Assert.Equal(1, Refused(broker, Refusal.ProxyHeader));
    }

    [LevadaTheory]
    [InlineData("")]
    [InlineData("PROXY TCP4 203.0.")]
    [InlineData(Signature + "2111ffff" + "cb007107")]
    public async Task A4_header_that_does_not_get_on_is_dropped_at_the_deadline(string header)
    {
        await using var broker = await StartAsync(o => o.HandshakeTimeout = TimeSpan.FromMilliseconds(300));
        using var connection = RawConnection.Connect(broker);
        connection.Send(Bytes(header));
        connection.ExpectEnd();
        Assert.Equal(1, Refused(broker, Refusal.Timeout));
    }

    [LevadaTheory]
    [InlineData(false, "127.0.0.0/8")]
    [InlineData(true, "10.0.0.0/8")]
    public async Task Header_of_anybody_else_is_refused_and_the_log_names_the_setting(bool on, string trusted)
    {
        await using var broker = await StartAsync(o =>
        {
            o.ProxyProtocol = on;
            o.ProxySources = new ProxySources([IPNetwork.Parse(trusted)], Unix: true);
        });
        foreach (var header in new[] { "PROXY TCP4 127.0.0.1 127.0.0.1 4711 5672\r\n", Signature + "20000000" })
        {
            using var connection = RawConnection.Connect(broker);
            connection.Send(Bytes(header));
            Assert.Equal(Frame.ProtocolHeader, connection.ReceiveOctets(8));
            connection.ExpectEnd();
        }
        await broker.Log.WaitForAsync("proxy_protocol_trusted_sources");
        Assert.Equal(2, Refused(broker, Refusal.ProxyUntrusted));
        // Who sends none is a client like any other.
        using var direct = RawConnection.Open(broker);
    }

    [LevadaFact]
    public async Task TLS_begins_behind_the_header()
    {
        await using var broker = await StartAsync(o =>
        {
            o.AmqpsListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            o.Tls.CertificateFile = Path.Combine(o.DataDir, "certificate.pem");
            TestCertificates.WriteSelfSigned(o.Tls.CertificateFile, "localhost");
            o.LoopbackUsers = new HashSet<string>();
        });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(broker.Broker.Listeners.Single(l => l.Protocol == "amqps").EndPoint);
        socket.Send(Bytes("PROXY TCP4 203.0.113.7 10.0.0.1 4711 5671\r\n"));
#pragma warning disable CA5359 // The certificate was made a moment ago, by the test.
        await using var stream = new SslStream(new NetworkStream(socket), false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync("localhost");
        await AmqpStream.OpenAsync(stream);
        Assert.StartsWith("203.0.113.7:4711 -> ", Assert.Single(broker.Broker.Connections.All).Name,
            StringComparison.Ordinal);
    }

    [LevadaFact]
    public async Task Unix_domain_sockets_may_be_trusted_too()
    {
        var folder = Directory.CreateTempSubdirectory("levada-proxy-").FullName;
        await using (var broker = await StartAsync(o => o.UnixListeners = [Path.Combine(folder, "amqp.sock")]))
        {
            using var connection = RawConnection.Connect(broker.Unix);
            connection.Send(Bytes("PROXY TCP4 203.0.113.7 10.0.0.1 4711 5672\r\n"));
            connection.SendStartOk(new Login());
            connection.Expect<ConnectionClose>(0);
            await broker.Log.WaitForAsync("203.0.113.7", "loopback_users");
        }
        Directory.Delete(folder, recursive: true);
    }

    private static Task<TestBroker> StartAsync(Action<BrokerOptions>? configure = null) => TestBroker.StartAsync(o =>
    {
        o.ProxyProtocol = true;
        o.ProxySources = new ProxySources([IPNetwork.Parse("127.0.0.0/8")], Unix: true);
        configure?.Invoke(o);
    });

    private static byte[] Bytes(string header) => header.StartsWith(Signature, StringComparison.Ordinal)
        ? Convert.FromHexString(header)
        : Encoding.Latin1.GetBytes(header);

    private static long Refused(TestBroker broker, Refusal reason) =>
        broker.Broker.Arrivals.Refused.Where(r => r.Reason == reason).Sum(r => r.Count);
}
