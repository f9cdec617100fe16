using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>The HTTP API of a running broker.</summary>
internal sealed class BrokerApi : IDisposable
{
    private readonly BrokerAddress _address;
    private readonly HttpClient _http;
    private readonly string _where;

    public BrokerApi(BrokerAddress address, TimeSpan patience)
    {
        _address = address;
        var handler = new SocketsHttpHandler();
        if (address.Socket is { } socket)
            handler.ConnectCallback = (_, cancelled) => ConnectAsync(socket, cancelled);
        BrokerTls.Apply(handler.SslOptions, address.Tls);
        Patience = patience == Timeout.InfiniteTimeSpan ? null : patience;
        _http = new HttpClient(handler) { BaseAddress = address.Uri, Timeout = Timeout.InfiniteTimeSpan };
        if (address.Credentials is { } credentials)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        }
        _where = address.Name;
    }

    /// <summary>How long an answer is waited for; null for ever.</summary>
    public TimeSpan? Patience { get; }

    /// <summary>The broker runs on this machine: it is asked through its socket.</summary>
    public bool IsLocal => _address.Socket is not null;

    /// <summary>Changes are shown, not made.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Makes a path of pieces that may hold any character.</summary>
    public static string Path(params ReadOnlySpan<string> pieces)
    {
        var path = new StringBuilder("/api");
        foreach (var piece in pieces)
            path.Append('/').Append(Uri.EscapeDataString(piece));
        return path.ToString();
    }

    /// <summary>The same for somebody else.</summary>
    public BrokerApi As(string user, string password) =>
        new(_address with { Credentials = $"{user}:{password}" }, Patience ?? Timeout.InfiniteTimeSpan);

    /// <exception cref="ControlException">The broker cannot be reached, or refuses.</exception>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var reply = await AskAsync(HttpMethod.Get, path, body: null, reason: null);
        await using var stream = await reply.Content.ReadAsStreamAsync();
        using var document = await JsonDocument.ParseAsync(stream);
        return document.RootElement.Clone();
    }

    /// <summary>The answer as it came.</summary>
    /// <param name="method">What to do.</param>
    /// <param name="path">To what.</param>
    /// <param name="body">How.</param>
    /// <param name="reason">Why; clients and logs are told.</param>
    /// <param name="isHarmless">It is asked in a dry run too.</param>
    /// <exception cref="ControlException">The broker cannot be reached, or refuses.</exception>
    public async Task<string> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string? reason = null, bool isHarmless = false)
    {
        if (IsDryRun && method != HttpMethod.Get && !isHarmless)
        {
            Console.Out.WriteLine($"would {method} {path}{(body is null ? "" : $" {body.ToJsonString()}")}");
            return "";
        }
        using var reply = await AskAsync(method, path, body, reason);
        return await reply.Content.ReadAsStringAsync();
    }

    /// <summary>An answer that goes on for ever.</summary>
    /// <exception cref="ControlException">The broker cannot be reached, or refuses.</exception>
    public Task<HttpResponseMessage> OpenAsync(string path, CancellationToken end) =>
        AskAsync(HttpMethod.Get, path, body: null, reason: null, end);

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancelled)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancelled);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is ArgumentException ? new IOException(e.Message, e) : e;
        }
    }

    private async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, JsonNode? body, string? reason, CancellationToken end = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (reason is not null)
            request.Headers.TryAddWithoutValidation("X-Reason", reason);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(end);
        if (Patience is { } patience)
            deadline.CancelAfter(patience);
        HttpResponseMessage reply;
        try
        {
            reply = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        }
        catch (HttpRequestException e)
        {
            throw new ControlException(ControlExit.Unavailable, Unreachable(e));
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            throw new ControlException(
                ControlExit.TimedOut,
                $"the broker at {_where} ({_address.Why}) did not answer in {Patience?.TotalSeconds:0.#} s");
        }
        if (reply.IsSuccessStatusCode)
            return reply;
        using (reply)
        {
            var said = ReasonIn(await reply.Content.ReadAsStringAsync(end)) ?? reply.ReasonPhrase;
            throw reply.StatusCode == HttpStatusCode.Unauthorized
                ? new ControlException(ControlExit.NoAccess, LoginFailed())
                : new ControlException(ExitOf(reply.StatusCode), said ?? $"{(int)reply.StatusCode}")
                {
                    Status = reply.StatusCode,
                };
        }
    }

    private static int ExitOf(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound ? ControlExit.Invalid : ControlExit.Refused;

    private string Unreachable(HttpRequestException e) =>
        $"no broker answers at {_where} ({_address.Why}): "
        + (_address.Socket is { } socket && !File.Exists(socket) ? "there is no such file"
            : e.InnerException?.Message ?? e.Message)
        + (e.InnerException is AuthenticationException
            ? "\nGive --cacert FILE with the authority that issued the broker's certificate, or --insecure." : "");

    private string LoginFailed() =>
        $"{_where} ({_address.Why}): login failed"
        + (_address.Credentials is { } credentials ? $" for user '{credentials.Split(':')[0]}'" : "")
        + "; give --user and --password, or save them with `levada profile add`";

    private static string? ReasonIn(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("reason", out var reason) ? reason.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
