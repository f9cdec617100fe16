using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The log of a running process: over HTTP, in its file, in the journal.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LogApiTests : IDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Errors_of_clients_are_one_line_each_with_their_name_and_can_be_watched()
    {
        await using var broker = await BrokerProcess.StartAsync(_folder.Path);
        using var http = Open();
        using var live = await http.GetStreamReaderAsync(
            "/api/livelog?category=channel&category=connection&level=error");
        using (var client = RawConnection.Open(broker.Amqp))
        {
            client.OpenChannel(1);
            client.Send(1, new QueueDeclare("no such", Passive: true));
            client.Expect<ChannelClose>(1);
            client.Send(1, new ChannelCloseOk());
            client.Send(1, new ChannelOpen());
            client.Expect<ChannelOpenOk>(1);
            client.Send(1, new ChannelOpen());
            client.Expect<ConnectionClose>(0);
        }
        var channel = await NextAsync(live);
        Assert.Equal(("error", "channel"), (Text(channel, "severity"), Text(channel, "category")));
        Assert.Contains("no queue 'no such'", Text(channel, "message"), StringComparison.Ordinal);
        var connection = await NextAsync(live);
        Assert.Equal(("error", "connection"), (Text(connection, "severity"), Text(connection, "category")));

        var text = await http.GetStringAsync("/api/logs?level=error", Stop);
        Assert.Equal(2, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            l => Assert.Contains("user: 'guest'", l, StringComparison.Ordinal));
        Assert.Single(broker.Log, l => l.Contains("no queue 'no such'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Level_is_changed_while_it_runs_and_a_reload_takes_it_back()
    {
        await using var broker = await BrokerProcess.StartAsync(_folder.Path);
        using var http = Open();
        await SetAsync(http, "log.level", "error", HttpStatusCode.NoContent);
        using (RawConnection.Open(broker.Amqp))
        {
            // Nothing of it is logged.
        }
        await SetAsync(http, "log.connection.level", "info", HttpStatusCode.NoContent);
        using (RawConnection.Open(broker.Amqp))
            await broker.WaitForLogAsync("user 'guest' authenticated");
        Assert.Single(broker.Log, l => l.Contains("user 'guest' authenticated", StringComparison.Ordinal));
        await SetAsync(http, "log.level", "loud", HttpStatusCode.BadRequest);
        await SetAsync(http, "shards", "2", HttpStatusCode.BadRequest);
        await SetAsync(http, "log.lvl", "info", HttpStatusCode.BadRequest);
        Assert.Contains("\"set by local:", await http.GetStringAsync("/api/config/effective", Stop),
            StringComparison.Ordinal);
        broker.Signal(PosixSignal.SIGHUP);
        await broker.WaitForLogAsync("configuration and certificates reloaded: 2 changes");
    }

    [Fact]
    public async Task File_is_rotated_on_request_opened_anew_after_SIGHUP_and_downloaded()
    {
        var config = Path.Combine(_folder.Path, "levada.conf");
        await File.WriteAllTextAsync(config, "log.file = levada.log\n", Stop);
        await using var broker = await BrokerProcess.StartAsync(
            _folder.Path, NoVariables, [], "--config", config);
        using var http = Open();
        var file = Path.Combine(_folder.Path, "levada.log");
        Assert.Contains(" INF server ready", await http.GetStringAsync("/api/logs", Stop), StringComparison.Ordinal);

        using (var rotated = await http.PutAsync("/api/logs/rotate", null, Stop))
            Assert.Equal(HttpStatusCode.NoContent, rotated.StatusCode);
        // What the request itself logs is the new file's first line.
        await Until(() => File.Exists(file + ".0") && File.Exists(file) && new FileInfo(file).Length > 0);
        Assert.Contains(" INF server ready", await File.ReadAllTextAsync(file + ".0", Stop), StringComparison.Ordinal);

        File.Move(file, file + ".moved");
        broker.Signal(PosixSignal.SIGHUP);
        await Until(() => File.Exists(file) && File.ReadAllText(file).Contains("reloaded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_systemd_lines_begin_with_their_priority()
    {
        string[] journal =
            ["/bin/sh", "-c", "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec \"$@\"", "sh"];
        await using var broker = await BrokerProcess.StartAsync(_folder.Path, NoVariables, journal);
        Assert.All(broker.Log, l => Assert.Matches("^<[2-7]>[0-9]{4}-", l));
    }

    private static async Task SetAsync(ControlHttp http, string key, string value, HttpStatusCode expected)
    {
        using var body = new StringContent($$"""{"value":"{{value}}"}""", Encoding.UTF8, "application/json");
        using var response = await http.PutAsync($"/api/config/effective/{key}", body, Stop);
        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task Until(Func<bool> wanted)
    {
        for (var deadline = DateTime.UtcNow + RawConnection.Patience; !wanted();)
        {
            Assert.True(DateTime.UtcNow < deadline, "not in time");
            await Task.Delay(20, Stop);
        }
    }

    private static async Task<JsonElement> NextAsync(StreamReader live)
    {
        while (await live.ReadLineAsync(Stop) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonElement.Parse(line[6..]);
        }
        throw new InvalidOperationException("the stream has ended");
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private ControlHttp Open() => new(Path.Combine(_folder.Path, "control.sock"));

    /// <summary>The API on the control socket.</summary>
    private sealed class ControlHttp(string path) : HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        public async Task<StreamReader> GetStreamReaderAsync(string uri) =>
            new(await GetStreamAsync("http://localhost" + uri, Stop));

        public new Task<string> GetStringAsync(string uri, CancellationToken stop) =>
            base.GetStringAsync("http://localhost" + uri, stop);

        public new Task<HttpResponseMessage> PutAsync(string uri, HttpContent? content, CancellationToken stop) =>
            base.PutAsync("http://localhost" + uri, content, stop);
    }
}
