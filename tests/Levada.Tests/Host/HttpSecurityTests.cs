using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Levada.Auth;
using Levada.Management;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>HTTP with TLS and clients' certificates; headers for browsers; bounds on requests.</summary>
public sealed class HttpSecurityTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("levada-https-").FullName;
    private readonly TestCertificates _ours = new("Ours");
    private TestBroker _broker = null!;
    private ManagementServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string CertificateFile => Path.Combine(_folder, "server.pem");

    public async ValueTask InitializeAsync()
    {
        _ours.WriteServer(CertificateFile, "localhost").Dispose();
        _ours.WriteRoot(Path.Combine(_folder, "ca.pem"));
        _broker = await TestBroker.StartAsync(o =>
        {
            o.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            o.HttpsListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            o.HttpTls = new TlsOptions
            {
                CertificateFile = CertificateFile,
                CaFile = Path.Combine(_folder, "ca.pem"),
                Clients = ClientCertificates.Optional,
            };
            o.CertificateLoginFrom = CertificateName.CommonName;
            o.HttpStrictTransport = "max-age=60";
            o.HttpContentSecurity = "default-src 'self'";
            o.CorsOrigins = ["https://console.example.com"];
            o.HttpRequestMax = 2000;
            o.HttpIdleTimeout = TimeSpan.FromSeconds(1);
            o.HttpRequestTimeout = TimeSpan.FromSeconds(1);
        });
        _server = ManagementServer.Start(_broker.Broker, _broker.Options, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _broker.DisposeAsync();
        _ours.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [LevadaFact]
    public async Task API_is_there_with_TLS_and_its_headers()
    {
        using var http = Open("https");
        using var response = await http.SendAsync(Asking("guest:guest"), Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("max-age=60", Header(response, "Strict-Transport-Security"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("default-src 'self'", Header(response, "Content-Security-Policy"));
        using var plain = Open("http");
        using var without = await plain.SendAsync(Asking("guest:guest"), Stop);
        Assert.Equal("nosniff", Header(without, "X-Content-Type-Options"));
        // Over plain HTTP it would be ignored at best.
        Assert.Null(Header(without, "Strict-Transport-Security"));
    }

    [LevadaFact]
    public async Task Certificate_of_a_client_is_its_login()
    {
        using var certificate = _ours.IssueClient("CN=guest");
        using var http = Open("https", certificate);
        using var response = await http.SendAsync(Asking(null), Stop);
        var me = JsonElement.Parse(await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal("guest", me.GetProperty("name").GetString());
        // A name and a password go before it.
        using var refused = await http.SendAsync(Asking("guest:wrong"), Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        using var nobody = _ours.IssueClient("CN=nobody");
        using var others = Open("https", nobody);
        using var unknown = await others.SendAsync(Asking(null), Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        await _broker.Log.WaitForAsync("there is no user 'nobody'");
    }

    [LevadaFact]
    public async Task Certificate_of_others_is_refused()
    {
        using var others = new TestCertificates("Others");
        using var certificate = others.IssueClient("CN=guest");
        using var http = Open("https", certificate);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(Asking(null), Stop));
    }

    [LevadaFact]
    public async Task Reload_takes_over_a_new_certificate_and_refuses_a_broken_one()
    {
        Assert.Equal("CN=localhost", await SubjectAsync());
        _ours.WriteServer(CertificateFile, "renewed").Dispose();
        _broker.Broker.ReloadConfiguration();
        Assert.Equal("CN=renewed", await SubjectAsync());
        await File.WriteAllTextAsync(CertificateFile, "broken", Stop);
        Assert.ThrowsAny<Exception>(_broker.Broker.ReloadConfiguration);
        Assert.Equal("CN=renewed", await SubjectAsync());
    }

    [LevadaTheory]
    [InlineData("https://console.example.com", true)]
    [InlineData("https://elsewhere.example.com", false)]
    public async Task Pages_of_named_sites_may_ask_and_change(string origin, bool may)
    {
        using var http = Open("http");
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/api/overview");
        ask.Headers.Add("Origin", origin);
        using var answer = await http.SendAsync(ask, Stop);
        Assert.Equal(may ? origin : null, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(may ? HttpStatusCode.NoContent : HttpStatusCode.Unauthorized, answer.StatusCode);
        using var change = Asking("guest:guest", HttpMethod.Put, "/api/vhosts/new");
        change.Headers.Add("Origin", origin);
        change.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var changed = await http.SendAsync(change, Stop);
        Assert.Equal(may, changed.StatusCode == HttpStatusCode.Created);
    }

    [LevadaFact]
    public async Task Body_that_is_too_large_is_refused()
    {
        using var http = Open("http");
        using var change = Asking("guest:guest", HttpMethod.Put, "/api/vhosts/new");
        change.Content = new StringContent(new string(' ', 3000) + "{}", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(change, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(
            """{"error":"payload_too_large","reason":"a request may have 2000 bytes, as http_request_max says"}""",
            await answer.Content.ReadAsStringAsync(Stop));
    }

    [LevadaTheory]
    [InlineData("")]
    [InlineData("GET /api/overview HTTP/1.1\r\nHost: x\r\n")]
    public async Task Connection_that_says_nothing_or_not_enough_is_closed(string begin)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port("http"), Stop);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(begin), Stop);
        using var all = new StreamReader(stream);
        // Ends when the broker closes it; a request that began gets a 408 first.
        var answer = await all.ReadToEndAsync(Stop);
        Assert.Equal(begin.Length > 0, answer.Contains(" 408 ", StringComparison.Ordinal));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private static HttpRequestMessage Asking(string? login, HttpMethod? method = null, string path = "/api/whoami")
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (login is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        return request;
    }

    private int Port(string protocol) => _server.Listeners.Single(l => l.Protocol == protocol).Port;

    private HttpClient Open(string protocol, X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // What the server shows is not what is tested.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }
        return new HttpClient(handler) { BaseAddress = new Uri($"{protocol}://127.0.0.1:{Port(protocol)}") };
    }

    private async Task<string> SubjectAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port("https"), Stop);
#pragma warning disable CA5359
        await using var stream = new SslStream(client.GetStream(), false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            },
            Stop);
        return stream.RemoteCertificate!.Subject;
    }
}
