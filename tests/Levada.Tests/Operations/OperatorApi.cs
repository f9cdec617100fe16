using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Levada.Management;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>A broker with its HTTP API, as an operator uses it.</summary>
internal sealed class OperatorApi : IAsyncDisposable
{
    private ManagementServer _server;
    private HttpClient _http;

    private OperatorApi(TestBroker broker)
    {
        Broker = broker;
        (_server, _http) = Serve(broker);
    }

    private static (ManagementServer, HttpClient) Serve(TestBroker broker)
    {
        var server = ManagementServer.Start(broker.Broker, broker.Options, NullLoggerFactory.Instance);
        return (server, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Listeners[0].Port}") });
    }

    /// <summary>The broker stops in order and starts again on its data.</summary>
    public async Task RestartAsync(Action? between = null)
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await Broker.StopAsync();
        between?.Invoke();
        await Broker.StartAgainAsync();
        (_server, _http) = Serve(Broker);
    }

    public TestBroker Broker { get; }

    /// <summary>Of the HTTP API.</summary>
    public int Port => _server.Listeners[0].Port;

    /// <summary>Who asks; the password is the name.</summary>
    public string User { get; set; } = "guest";

    /// <summary>If it is not the name.</summary>
    public string? Password { get; set; }

    public static async Task<OperatorApi> StartAsync(Action<BrokerOptions>? configure = null) => new(
        await TestBroker.StartAsync(options =>
        {
            options.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            configure?.Invoke(options);
        }));

    public static string PathOf(RawConnection connection) =>
        $"/api/connections/{Uri.EscapeDataString(connection.Name)}";

    public static string PathOf(RawConnection connection, int channel) =>
        $"/api/channels/{Uri.EscapeDataString($"{connection.Name} ({channel})")}";

    public static string PathOf(RawConnection connection, int channel, string tag) =>
        $"/api/consumers/%2F/{Uri.EscapeDataString(connection.Name)}/{channel}/{Uri.EscapeDataString(tag)}";

    public async Task<HttpStatusCode> SendAsync(
        HttpMethod method, string path, string? body = null, string? reason = null, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path);
        Authorize(request);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (reason is not null)
            request.Headers.Add("X-Reason", reason);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>Asks for something that is done.</summary>
    public async Task DoAsync(HttpMethod method, string path, string? body = null, string? reason = null) =>
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(method, path, body, reason));

    /// <summary>The status and the body, whatever it is.</summary>
    public async Task<(HttpStatusCode Status, string Body)> AskAsync(
        HttpMethod method, string path, string? body = null, string? password = null)
    {
        using var request = new HttpRequestMessage(method, path);
        Authorize(request, password);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The status and the methods that the path has, in order.</summary>
    public async Task<(HttpStatusCode Status, string Methods)> MethodsAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        Authorize(request);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, string.Join(", ", response.Content.Headers.Allow.Order()));
    }

    /// <summary>The status and where what was made is to be found, relative to the path.</summary>
    public async Task<(HttpStatusCode Status, string? Location)> PostAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        Authorize(request);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Headers.Location?.OriginalString);
    }

    /// <summary>Sends a form with a file, as a page in a browser does.</summary>
    public async Task<HttpStatusCode> UploadAsync(string path, string name, string content)
    {
        using var form = new MultipartFormDataContent();
        using var file = new StringContent(content);
        form.Add(file, name, "definitions.json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        Authorize(request);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>Puts something that was not there.</summary>
    public async Task CreateAsync(string path, string body)
    {
        var (status, answer) = await AskAsync(HttpMethod.Put, path, body);
        Assert.True(status == HttpStatusCode.Created, $"PUT {path}: {status} {answer}");
    }

    /// <summary>Asks for something that cannot be; returns the reason.</summary>
    public async Task<string> RefusedAsync(HttpStatusCode status, HttpMethod method, string path, string? body = null)
    {
        var (answered, answer) = await AskAsync(method, path, body);
        Assert.True(answered == status, $"{method} {path}: {answered} {answer}");
        return JsonDocument.Parse(answer).RootElement.GetProperty("reason").GetString()!;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Authorize(request);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement[]> ListAsync(string path) => [.. (await GetAsync(path)).EnumerateArray()];

    /// <summary>Follows an answer.</summary>
    public async Task<EventStream> FollowAsync(string path)
    {
        var response = await OpenStreamAsync(path);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        return new EventStream(response, new StreamReader(body));
    }

    /// <summary>Asks for a stream; returns when the head has come.</summary>
    public async Task<HttpResponseMessage> OpenStreamAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Authorize(request);
        request.Headers.Accept.ParseAdd("text/event-stream");
        return await _http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public Task<string> MetricsAsync() => _http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    /// <summary>The last request of an operator: action, outcome, detail.</summary>
    public async Task<(string? Action, string? Outcome, string? Detail)> LastAuditAsync()
    {
        var last = (await ListAsync("/api/audit"))[0];
        return (last.GetProperty("action").GetString(), last.GetProperty("outcome").GetString(),
            last.GetProperty("detail").GetString());
    }

    private void Authorize(HttpRequestMessage request, string? password = null) =>
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password ?? Password ?? User}")));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
