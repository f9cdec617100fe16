using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Levada.Cli.Perf.Client;
using Levada.Protocol;
using Levada.Tests.Host;
using Xunit;

namespace Levada.Tests.Perf;

/// <summary>The load generator's own client: TLS, and what it says when the broker closes.</summary>
public sealed class AmqpConnectionTests(BrokerFixture fixture)
{
    private AmqpUri Target() => AmqpUri.Parse($"amqp://{fixture.Broker.Address}:{fixture.Broker.Port}");

    [Fact]
    public async Task A_self_signed_certificate_is_refused_unless_it_is_allowed()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "broker.pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(
            file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(),
            TestContext.Current.CancellationToken);
        await using var broker = await TestBroker.StartAsync(options =>
        {
            options.AmqpsListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            options.Tls.CertificateFile = file;
        });
        var listener = broker.Broker.Listeners.First(l => l.Protocol == "amqps");
        var target = AmqpUri.Parse($"amqps://guest:guest@localhost:{listener.Port}");

        Assert.Throws<IOException>(() => AmqpConnection.Open(target, "strict"));

        using var connection = AmqpConnection.Open(target with { Insecure = true }, "trusting");
        connection.OpenChannel(1);
        // Nothing comes: waiting for it ends, and the connection is as good as before.
        Assert.False(connection.Receive());
        connection.Call<BasicQos, BasicQosOk>(1, new BasicQos(0, 10));
        connection.Close();
    }

    [Fact]
    public void A_closed_channel_is_an_exception_with_code_and_text()
    {
        using var connection = AmqpConnection.Open(Target(), "check");
        connection.OpenChannel(1);
        var missing = TestBroker.Name("missing");
        var closed = Assert.Throws<AmqpException>(() => connection.Call<QueueDeclare, QueueDeclareOk>(
            1, new QueueDeclare(missing, Passive: true)));
        Assert.Equal(ReplyCode.NotFound, closed.Code);
        Assert.Contains(missing, closed.Message, StringComparison.Ordinal);
        connection.OpenChannel(1);
        connection.Close();
    }

    [Fact]
    public void A_virtual_host_that_is_not_there_is_told()
    {
        var refused = Assert.Throws<AmqpException>(
            () => AmqpConnection.Open(Target() with { VirtualHost = "not there" }, "check"));
        Assert.Equal(ReplyCode.NotAllowed, refused.Code);
    }

    [Fact]
    public void A_port_where_nobody_listens_is_told_with_the_address()
    {
        var refused = Assert.Throws<IOException>(() => AmqpConnection.Open(Target() with { Port = 1 }, "check"));
        Assert.Contains(":1", refused.Message, StringComparison.Ordinal);
    }
}
