using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The HTTP API on a Unix domain socket: who can open it needs no password.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ControlSocketTests
{
    private static readonly string Operator = $"local:{Environment.UserName}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_can_open_it_is_an_administrator_under_a_name_of_their_own()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        var path = Path.Combine(folder.Path, "control.sock");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using var http = Open(path);

        var me = await http.GetFromJsonAsync<JsonElement>("/api/whoami", Stop);
        Assert.Equal(Operator, me.GetProperty("name").GetString());
        // An administrator's, one in a virtual host, one that asks for a right to a queue.
        await PutAsync(http, "/api/users/anna", """{"password":"x","tags":""}""", HttpStatusCode.Created);
        await PutAsync(http, "/api/vhosts/new", "{}", HttpStatusCode.Created);
        await PutAsync(http, "/api/queues/new/q", """{"durable":true}""", HttpStatusCode.Created);

        var entries = await http.GetFromJsonAsync<JsonElement>("/api/audit", Stop);
        Assert.Equal(3, entries.GetArrayLength());
        Assert.All(entries.EnumerateArray(), entry =>
        {
            Assert.Equal(Operator, entry.GetProperty("user").GetString());
            Assert.Equal($"unix:{Environment.ProcessId}", entry.GetProperty("from").GetString());
        });
        Assert.Contains(broker.Log, l => l.Contains(
            $"operator '{Operator}' from unix:{Environment.ProcessId}: SetUser", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Name_and_password_given_there_count()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        using var http = Open(Path.Combine(folder.Path, "control.sock"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AsAsync("guest:wrong"));
        Assert.Equal(HttpStatusCode.OK, await AsAsync("guest:guest"));
        // The name alone is worth nothing.
        Assert.Equal(HttpStatusCode.Unauthorized, await AsAsync($"{Operator}:"));

        async Task<HttpStatusCode> AsAsync(string login)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/whoami");
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
            using var response = await http.SendAsync(request, Stop);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Nobody_else_gets_such_a_name()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        using var http = Open(Path.Combine(folder.Path, "control.sock"));
        await PutAsync(
            http, "/api/users/local:eve", """{"password":"x","tags":""}""", HttpStatusCode.BadRequest);
        using var body = new StringContent(
            """{"users":[{"name":"local:eve","password":"x","tags":""}]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync("/api/definitions", body, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task File_of_a_killed_broker_is_replaced_and_goes_with_a_stop()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "control.sock");
        await using (var first = await BrokerProcess.StartAsync(folder.Path))
            await first.KillAsync();
        Assert.True(Path.Exists(path));
        await using var second = await BrokerProcess.StartAsync(folder.Path);
        using var http = Open(path);
        using var response = await http.GetAsync("/api/whoami", Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await second.StopAsync());
        Assert.False(Path.Exists(path));
    }

    [Fact]
    public async Task Another_path_is_taken_or_none()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "elsewhere.sock");
        var variables = new Dictionary<string, string> { ["LEVADA_CONTROL_UNIX_PATH"] = path };
        await using (await BrokerProcess.StartAsync(folder.Path, variables, []))
        {
            Assert.True(Path.Exists(path));
            Assert.False(Path.Exists(Path.Combine(folder.Path, "control.sock")));
        }
        variables["LEVADA_CONTROL_UNIX_PATH"] = "none";
        await using (await BrokerProcess.StartAsync(folder.Path, variables, []))
            Assert.False(Path.Exists(Path.Combine(folder.Path, "control.sock")));
    }

    [Fact]
    public async Task Path_that_is_too_long_is_said_and_stops_the_start_only_if_it_was_asked_for()
    {
        using var folder = new TempFolder();
        var data = Path.Combine(folder.Path, new string('d', 120));
        await using var broker = await BrokerProcess.StartAsync(data);
        Assert.Contains(broker.Log, l => l.Contains(" WRN ", StringComparison.Ordinal)
            && l.Contains("no control socket", StringComparison.Ordinal)
            && l.Contains("takes 107", StringComparison.Ordinal));

        var variables = new Dictionary<string, string>
        {
            ["LEVADA_CONTROL_UNIX_PATH"] = Path.Combine(data, "control.sock"),
        };
        await using var second = BrokerProcess.Launch(folder.Path, variables, []);
        Assert.Equal(2, await second.ExitAsync());
        Assert.Contains("at most 107 bytes", Assert.Single(second.Log), StringComparison.Ordinal);
    }

    private static async Task PutAsync(HttpClient http, string path, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PutAsync(path, content, Stop);
        Assert.Equal(expected, response.StatusCode);
    }

    private static HttpClient Open(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://localhost") };
}
