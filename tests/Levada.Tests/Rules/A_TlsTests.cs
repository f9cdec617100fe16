using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Levada.Auth;
using Levada.Configuration;
using Levada.Protocol;
using Levada.Transports;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>
/// TLS: certificates by name (SNI), of clients, and login by them (rules A5, A10 and A11); certificates that change.
/// </summary>
public sealed class A_TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("levada-tls-").FullName;
    private readonly TestCertificates _ours = new("Ours");
    private readonly TestCertificates _others = new("Others");

    private string CertificateFile => In("server.pem");

    public void Dispose()
    {
        _ours.Dispose();
        _others.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [LevadaTheory]
    [InlineData("orders.example.com", "orders.example.com")]
    [InlineData("ORDERS.example.com", "orders.example.com")]
    [InlineData("any.tenants.example.com", "*.tenants.example.com")]
    [InlineData("a.b.tenants.example.com", "localhost")]
    [InlineData("elsewhere.example.com", "localhost")]
    [InlineData("", "localhost")]
    public async Task Client_gets_the_certificate_of_the_name_that_it_asks_for(string name, string expected)
    {
        await using var broker = await StartAsync(o =>
        {
            foreach (var host in new[] { "orders.example.com", "*.tenants.example.com" })
            {
                var file = In(host.Replace('*', '_') + ".pem");
                _ours.WriteServer(file, host).Dispose();
                o.TlsHosts.Add(host, new TlsOptions { CertificateFile = file });
            }
        });
        await using var stream = await ConnectAsync(broker, null, name);
        Assert.Equal($"CN={expected}", stream.RemoteCertificate!.Subject);
        await AmqpStream.OpenAsync(stream);
    }

    [LevadaTheory]
    [InlineData(CertificateName.DistinguishedName, "CN=anna,O=Example\\, Inc.")]
    [InlineData(CertificateName.CommonName, "anna")]
    [InlineData(CertificateName.Dns, "anna.example.com")]
    [InlineData(CertificateName.Email, "anna@example.com")]
    [InlineData(CertificateName.Uri, "spiffe://example.com/anna")]
    public async Task A5_EXTERNAL_logs_in_as_the_user_whom_the_certificate_names(CertificateName from, string user)
    {
        await using var broker = await StartAsync(o =>
        {
            AskClients(o, ClientCertificates.Required);
            o.CertificateLoginFrom = from;
            o.DefaultUser = user;
        });
        using var certificate = _ours.IssueClient("CN=anna,O=\"Example, Inc.\"", names =>
        {
            names.AddDnsName("anna.example.com");
            names.AddEmailAddress("anna@example.com");
            names.AddUri(new Uri("spiffe://example.com/anna"));
        });
        await using var stream = await ConnectAsync(broker, certificate);
        var start = await AmqpStream.StartAsync(stream);
        Assert.Equal("PLAIN AMQPLAIN EXTERNAL", start.Mechanisms);
        await AmqpStream.LoginAsync(stream, "EXTERNAL", []);
        Assert.Equal(user, Assert.Single(broker.Broker.Connections.All).UserName);
    }

    [LevadaFact]
    public async Task A5_EXTERNAL_is_offered_only_to_clients_with_a_certificate()
    {
        await using var broker = await StartAsync(o => AskClients(o, ClientCertificates.Optional));
        await using var stream = await ConnectAsync(broker);
        Assert.Equal("PLAIN AMQPLAIN", (await AmqpStream.StartAsync(stream)).Mechanisms);
        await AmqpStream.LoginAsync(stream, "PLAIN", new Login().PlainResponse);
        using var plain = RawConnection.Open(broker);
        Assert.Equal("PLAIN AMQPLAIN", plain.Start.Mechanisms);
    }

    [LevadaTheory]
    [InlineData("CN=nobody", "there is no user 'nobody'")]
    [InlineData("O=Example", "ssl_cert_login_from")]
    [InlineData("CN=guest,CN=anna", "ssl_cert_login_from")]
    public async Task A10_certificate_of_nobody_is_refused_and_the_log_says_why(string subject, string reason)
    {
        await using var broker = await StartAsync(o =>
        {
            AskClients(o, ClientCertificates.Required);
            o.CertificateLoginFrom = CertificateName.CommonName;
        });
        using var certificate = _ours.IssueClient(subject);
        await using var stream = await ConnectAsync(broker, certificate);
        await AmqpStream.StartAsync(stream);
        await AmqpStream.WriteAsync(
            stream, new ConnectionStartOk(new Login().ClientProperties, "EXTERNAL", [], "en_US"));
        Assert.Equal(403, (await AmqpStream.ReadAsync(stream)).Method<ConnectionClose>().ReplyCode);
        await broker.Log.WaitForAsync("EXTERNAL", reason);
    }

    [LevadaFact]
    public async Task Client_without_a_certificate_is_refused_where_one_is_required()
    {
        await using var broker = await StartAsync(o => AskClients(o, ClientCertificates.Required));
        await AssertRefusedAsync(broker, null, "showed no certificate");
    }

    [LevadaTheory]
    [InlineData(ClientCertificates.Optional)]
    [InlineData(ClientCertificates.Required)]
    public async Task Certificate_of_another_authority_is_refused(ClientCertificates clients)
    {
        await using var broker = await StartAsync(o => AskClients(o, clients));
        using var certificate = _others.IssueClient("CN=guest");
        await AssertRefusedAsync(broker, certificate, "does not verify");
    }

    [LevadaFact]
    public async Task Certificate_of_a_server_is_no_clients()
    {
        await using var broker = await StartAsync(o => AskClients(o, ClientCertificates.Required));
        using var certificate = _ours.Issue("CN=guest", isClient: false);
        await AssertRefusedAsync(broker, certificate, "NotValidForUsage");
    }

    [LevadaFact]
    public async Task Host_of_its_own_may_ask_for_certificates_where_others_do_not()
    {
        await using var broker = await StartAsync(o =>
        {
            _others.WriteRoot(In("others.pem"));
            o.TlsHosts.Add("inside", new TlsOptions
            {
                CertificateFile = CertificateFile, CaFile = In("others.pem"), Clients = ClientCertificates.Required,
            });
        });
        await using (var usual = await ConnectAsync(broker)) await AmqpStream.OpenAsync(usual);
        using var certificate = _others.IssueClient("CN=guest");
        await using (var inside = await ConnectAsync(broker, certificate, "inside")) await AmqpStream.OpenAsync(inside);
        await AssertRefusedAsync(broker, null, "showed no certificate", "inside");
    }

    [LevadaFact]
    public async Task Changed_certificate_is_used_from_the_next_handshake_and_connections_stay()
    {
        await using var broker = await StartAsync();
        await using var old = await ConnectAsync(broker);
        await AmqpStream.OpenAsync(old);
        _ours.WriteServer(CertificateFile, "renewed").Dispose();
        await using var later = await ConnectAsync(broker);
        Assert.Equal("CN=renewed", later.RemoteCertificate!.Subject);
        await AmqpStream.WriteAsync(old, new ConnectionClose(200, "bye", 0, 0));
        Assert.True((await AmqpStream.ReadAsync(old)).Is<ConnectionCloseOk>());
    }

    [LevadaTheory]
    [InlineData("-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Broken_new_certificate_leaves_the_old_one_and_a_whole_one_is_used_again(string? text)
    {
        await using var broker = await StartAsync();
        if (text is null)
            File.Delete(CertificateFile);
        else
            await File.WriteAllTextAsync(CertificateFile, text, TestContext.Current.CancellationToken);
        await using (var kept = await ConnectAsync(broker))
            Assert.Equal("CN=localhost", kept.RemoteCertificate!.Subject);
        await broker.Log.WaitForAsync(CertificateFile, "the certificate read before stays in use");
        Assert.Throws<ConfigurationException>(broker.Broker.ReloadConfiguration);
        _ours.WriteServer(CertificateFile, "repaired").Dispose();
        Assert.Empty(broker.Broker.ReloadConfiguration().Changed);
        await using var repaired = await ConnectAsync(broker);
        Assert.Equal("CN=repaired", repaired.RemoteCertificate!.Subject);
    }

    [LevadaFact]
    public async Task Handshakes_beyond_the_limit_wait_for_a_place_until_the_deadline()
    {
        await using var broker = await StartAsync(o => o.TlsHandshakeMax = 1);
        // The first byte of a handshake takes the only place.
        using var first = RawConnection.Connect(Endpoint(broker));
        first.Send([0x16]);
        await UntilAsync(() => broker.Broker.TlsHandshakes == 1);
        broker.Options.HandshakeTimeout = TimeSpan.FromMilliseconds(300);
        using var second = RawConnection.Connect(Endpoint(broker));
        second.Send([0x16]);
        second.ExpectEnd();
        await broker.Log.WaitForAsync("is refused", "tls_handshake_max (1)");
        Assert.Equal(1, Refused(broker, Refusal.TlsHandshakeMax));
        broker.Options.HandshakeTimeout = TimeSpan.FromSeconds(20);
        var third = ConnectAsync(broker);
        first.Dispose();
        await using var stream = await third;
        await AmqpStream.OpenAsync(stream);
        await UntilAsync(() => broker.Broker.TlsHandshakes == 0);
    }

    [LevadaTheory]
    [InlineData("AMQP\0\0\u0009\u0001", Refusal.NotTls, "amqps://")]
    [InlineData("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n", Refusal.ProxyUntrusted, "proxy_protocol_trusted_sources")]
    public async Task Wrong_first_byte_is_explained_in_the_log(string bytes, Refusal reason, string text)
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.Connect(Endpoint(broker));
        connection.Send(Encoding.Latin1.GetBytes(bytes));
        connection.ExpectEnd();
        await broker.Log.WaitForAsync(text);
        Assert.Equal(1, Refused(broker, reason));
    }

    private string In(string file) => Path.Combine(_folder, file);

    private Task<TestBroker> StartAsync(Action<BrokerOptions>? configure = null)
    {
        _ours.WriteServer(CertificateFile, "localhost").Dispose();
        return TestBroker.StartAsync(o =>
        {
            o.AmqpsListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            o.Tls.CertificateFile = CertificateFile;
            configure?.Invoke(o);
            o.Validate();
        });
    }

    private void AskClients(BrokerOptions options, ClientCertificates clients)
    {
        _ours.WriteRoot(In("ca.pem"));
        options.Tls.CaFile = In("ca.pem");
        options.Tls.Clients = clients;
    }

    private static EndPoint Endpoint(TestBroker broker) =>
        broker.Broker.Listeners.Single(l => l.Protocol == "amqps").EndPoint;

    private static long Refused(TestBroker broker, Refusal reason) =>
        broker.Broker.Arrivals.Refused.Single(r => r.Kind == ListenerKind.Amqps && r.Reason == reason).Count;

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var deadline = DateTime.UtcNow + RawConnection.Patience; !reached();)
        {
            Assert.True(DateTime.UtcNow < deadline, "not in time");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    // With TLS 1.3 the client hears of a refusal only when it reads.
    private static async Task AssertRefusedAsync(
        TestBroker broker, X509Certificate2? certificate, string reason, string name = "localhost")
    {
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await using var stream = await ConnectAsync(broker, certificate, name);
            await AmqpStream.StartAsync(stream);
        });
        await broker.Log.WaitForAsync("is refused", reason);
        Assert.Equal(1, Refused(broker, Refusal.Tls));
    }

    private static async Task<SslStream> ConnectAsync(
        TestBroker broker, X509Certificate2? certificate = null, string name = "localhost")
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Endpoint(broker));
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ClientCertificates = certificate is null ? null : [certificate],
            LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
#pragma warning disable CA5359 // Which certificate it is the tests look at themselves.
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
        });
        return stream;
    }
}
