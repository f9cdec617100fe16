using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Where the broker listens: both families of addresses, TLS 1.2 and 1.3; rules A2 and A4 there.</summary>
public sealed class A_ListenerTests
{
    [LevadaTheory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A1_a_listener_on_every_address_takes_both_families(string address)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var broker = await TestBroker.StartAsync(
            o => o.AmqpListeners = [new ListenerOptions(IPAddress.IPv6Any, 0)]);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(address), broker.Port, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await AmqpStream.OpenAsync(stream);
        var name = address == "::1" ? "[::1]" : address;
        await broker.Log.WaitForAsync($"{name}:{((IPEndPoint)socket.LocalEndPoint!).Port} -> {name}:{broker.Port}");
    }

    [LevadaTheory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A1_amqps_speaks_the_versions_of_TLS_that_are_safe(SslProtocols version)
    {
        await using var broker = await StartWithTlsAsync();
        await using var stream = await ConnectAsync(broker, version);
        Assert.Equal(version, stream.SslProtocol);
        await AmqpStream.OpenAsync(stream);
    }

    [LevadaFact]
    public async Task A1_amqps_refuses_TLS_1_1()
    {
        await using var broker = await StartWithTlsAsync();
#pragma warning disable SYSLIB0039, CA5397 // That this one is old is the point.
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(broker, SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
    }

    [LevadaFact]
    public async Task A4_a_TLS_handshake_that_does_not_get_on_is_dropped_at_the_deadline()
    {
        await using var broker = await StartWithTlsAsync(o => o.HandshakeTimeout = TimeSpan.FromMilliseconds(300));
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        silent.ReceiveTimeout = 20_000;
        await silent.ConnectAsync(IPAddress.Loopback, Port(broker), TestContext.Current.CancellationToken);
        Assert.Equal(0, silent.Receive(new byte[1]));
    }

    [LevadaFact]
    public async Task A2_AMQP_without_TLS_on_the_amqps_port_is_dropped()
    {
        await using var broker = await StartWithTlsAsync();
        using var plain = new Socket(SocketType.Stream, ProtocolType.Tcp);
        plain.ReceiveTimeout = 20_000;
        await plain.ConnectAsync(IPAddress.Loopback, Port(broker), TestContext.Current.CancellationToken);
        plain.Send(Frame.ProtocolHeader);
        var answer = new byte[64];
        var ended = false;
        try
        {
            // Perhaps a TLS alert first; never AMQP.
            for (int n; !(ended = (n = plain.Receive(answer)) == 0);) Assert.NotEqual((byte)'A', answer[0]);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            ended = true;
        }
        Assert.True(ended);
    }

    private static Task<TestBroker> StartWithTlsAsync(Action<BrokerOptions>? configure = null) =>
        TestBroker.StartAsync(o =>
        {
            o.AmqpsListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            o.Tls.CertificateFile = Path.Combine(o.DataDir, "test-certificate.pem");
            TestCertificates.WriteSelfSigned(o.Tls.CertificateFile, "localhost");
            configure?.Invoke(o);
        });

    private static int Port(TestBroker broker) => broker.Broker.Listeners.Single(l => l.Protocol == "amqps").Port;

    private static async Task<SslStream> ConnectAsync(TestBroker broker, SslProtocols version)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port(broker));
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = version,
#pragma warning disable CA5359 // The certificate was made a moment ago, by the test.
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        });
        return stream;
    }
}
