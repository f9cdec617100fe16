using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>A process with TLS and clients' certificates on every port: the command line, and what it shows.</summary>
public sealed class TlsCommandTests : IAsyncLifetime
{
    private const string Subject = "CN=guest, O=\"Ü, Co <a>\", C=AT";
    private const string Shown = "CN=guest,O=\\C3\\9C\\, Co \\<a\\>,C=AT";

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _ours = new("Ours");
    private X509Certificate2 _client = null!;
    private BrokerProcess _broker = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ours.WriteRoot(In("ca.pem"));
        _ours.WriteServer(In("server.pem"), "localhost").Dispose();
        _client = _ours.WriteClient(In("client.pem"), In("client.key"), Subject);
        await File.WriteAllTextAsync(
            In("levada.conf"),
            $"""
            listeners.ssl.default = 127.0.0.1:0
            ssl_options.cacertfile = {In("ca.pem")}
            ssl_options.certfile = {In("server.pem")}
            ssl_options.keyfile = {In("server.pem")}
            ssl_options.verify = verify_peer
            ssl_cert_login_from = common_name
            management.ssl.port = 0
            management.ssl.ip = 127.0.0.1
            management.ssl.cacertfile = {In("ca.pem")}
            management.ssl.certfile = {In("server.pem")}
            management.ssl.keyfile = {In("server.pem")}
            management.ssl.verify = verify_peer
            management.ssl.fail_if_no_peer_cert = true
            """,
            Stop);
        _broker = await BrokerProcess.StartAsync(In("data"), "--config", In("levada.conf"));
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _client.Dispose();
        _ours.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Certificate_of_a_client_is_the_login_of_a_command()
    {
        var (code, output, error) = await RunAsync("list_users", "-s");
        Assert.True(code == 0, error);
        Assert.Equal("guest\t[administrator]\n", output);
        var without = await RunAsync(["list_users", "-s"], ["--cacert", In("ca.pem")]);
        Assert.Equal(69, without.ExitCode);
    }

    [Fact]
    public async Task Authorities_and_key_count()
    {
        using var others = new TestCertificates("Others");
        others.WriteRoot(In("others.pem"));
        string[] own = ["--cert", In("client.pem"), "--key", In("client.key")];
        var refused = await RunAsync(["list_users"], ["--cacert", In("others.pem"), .. own]);
        Assert.Equal(69, refused.ExitCode);
        Assert.Contains("certificate", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(["list_users"], ["--insecure", .. own])).ExitCode);
        var missing = await RunAsync(["list_users"], ["--cacert", In("none.pem"), .. own]);
        Assert.Equal(64, missing.ExitCode);
        Assert.Contains("--cacert", missing.Error, StringComparison.Ordinal);
        var noKey = await RunAsync(["list_users"], ["--cacert", In("ca.pem"), "--cert", In("client.pem")]);
        Assert.Equal(64, noKey.ExitCode);
        Assert.Contains("--cert", noKey.Error, StringComparison.Ordinal);
    }

    // Against RabbitMQ 3.10.8 with a certificate of the same subject.
    [Fact]
    public async Task Connections_tell_their_certificate_as_RabbitMQs_do()
    {
        await using var with = await ConnectAsync(_client, SslProtocols.Tls13);
        await using var without = await ConnectAsync(null, SslProtocols.Tls12);
        using var plain = RawConnection.Open(_broker.Amqp);
        var serial = new System.Numerics.BigInteger(_client.SerialNumberBytes.Span, isBigEndian: true);
        var validity = string.Create(
            CultureInfo.InvariantCulture,
            $"{_client.NotBefore.ToUniversalTime():yyyy-MM-ddTHH:mm:ss}Z - "
            + $"{_client.NotAfter.ToUniversalTime():yyyy-MM-ddTHH:mm:ss}Z");
        var (code, output, error) = await RunAsync(
            "list_connections", "-s", "ssl", "ssl_protocol", "ssl_key_exchange", "peer_cert_subject",
            "peer_cert_issuer", "peer_cert_serial_number", "peer_cert_validity");
        Assert.True(code == 0, error);
        Assert.Equal(
            [
                "false\t\t\t\t\t\t", "true\ttlsv1.2\tecdhe_ecdsa\t\t\t\t",
                $"true\ttlsv1.3\tany\t{Shown}\tCN=Ours\t{serial}\t{validity}",
            ],
            output.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));

        var rows = JsonDocument.Parse((await RunAsync(
            "list_connections", "--formatter", "json", "ssl_cipher", "ssl_hash", "peer_cert_subject")).Output)
            .RootElement.EnumerateArray().ToList();
        var shown = rows.Single(static r => r.GetProperty("peer_cert_subject").ToString().Length > 0);
        Assert.Equal(Shown, shown.GetProperty("peer_cert_subject").GetString());
        Assert.Equal("aead", shown.GetProperty("ssl_hash").GetString());
        Assert.Matches("^(aes_(128|256)_gcm|chacha20_poly1305)$", shown.GetProperty("ssl_cipher").GetString());
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command) => RunAsync(
        command, ["--cacert", In("ca.pem"), "--cert", In("client.pem"), "--key", In("client.key")]);

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] command, string[] tls)
    {
        var start = new ProcessStartInfo(BrokerProcess.Executable, [.. command, .. tls])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["LEVADA_API_URI"] = $"https://localhost:{_broker.Https.Port}" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var error = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output, error);
    }

    private async Task<SslStream> ConnectAsync(X509Certificate2? certificate, SslProtocols version)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_broker.Amqps, Stop);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = version,
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
#pragma warning disable CA5359 // It is the client's that counts here.
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            Stop);
        await AmqpStream.OpenAsync(stream);
        return stream;
    }
}
