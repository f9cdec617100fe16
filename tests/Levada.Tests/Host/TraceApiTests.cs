using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Levada.Management;
using Levada.Protocol;
using Levada.Tests.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>/api/connections/NAME/trace and /api/channels/NAME/trace: what passes between client and broker.</summary>
public sealed partial class TraceApiTests : IAsyncLifetime
{
    private const int Max = 3;
    private const int BodyMax = 100;

    private TestBroker _broker = null!;
    private ManagementServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(options =>
        {
            options.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            options.TraceMax = Max;
            options.TraceBodyMax = BodyMax;
        });
        _server = ManagementServer.Start(_broker.Broker, _broker.Options, NullLoggerFactory.Instance);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Listeners[0].Port}") };
        As("guest");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [LevadaFact]
    public async Task Every_class_of_method_is_decoded_in_both_directions()
    {
        using var connection = RawConnection.Open(_broker);
        await StartAsync(connection.Name);
        connection.OpenChannel(1);
        connection.Send(1, new ExchangeDeclare("x", "fanout", AutoDelete: true));
        connection.Expect<ExchangeDeclareOk>(1);
        connection.Send(1, new QueueDeclare("q", Exclusive: true, Arguments: new FieldTable().Add("x-max-length", 9)));
        connection.Expect<QueueDeclareOk>(1);
        connection.Send(1, new QueueBind("q", "x", "k"));
        connection.Expect<QueueBindOk>(1);
        connection.Send(1, new BasicConsume("q", "tag"));
        connection.Expect<BasicConsumeOk>(1);
        connection.Send(1, new ConfirmSelect());
        connection.Expect<ConfirmSelectOk>(1);
        connection.Publish(
            1, "x", "k", "body", new BasicProperties { ContentType = "text/plain", DeliveryMode = 1 }, mandatory: true);
        connection.ExpectDeliver(1);
        connection.Expect<BasicAck>(1);
        connection.Send(1, new BasicAck(1));
        connection.Publish(1, "", "nowhere", "", mandatory: true);
        connection.ExpectReturn(1);
        connection.Expect<BasicAck>(1);
        connection.OpenChannel(2);
        connection.Send(2, new TxSelect());
        connection.Expect<TxSelectOk>(2);
        connection.Send(1, new QueueDeclare("none", Passive: true));
        connection.Expect<ChannelClose>(1);
        connection.SendHeartbeat();
        connection.CloseChannel(2);
        var entries = await ReadAsync(connection.Name);
        string[] expected =
        [
            "-> channel.open", "<- channel.open-ok",
            "-> exchange.declare exchange=\"x\" type=\"fanout\" auto_delete", "<- exchange.declare-ok",
            "-> queue.declare queue=\"q\" exclusive arguments={x-max-length=9}",
            "<- queue.declare-ok queue=\"q\" message_count=0 consumer_count=0",
            "-> queue.bind queue=\"q\" exchange=\"x\" routing_key=\"k\"", "<- queue.bind-ok",
            "-> basic.consume queue=\"q\" consumer_tag=\"tag\"", "<- basic.consume-ok consumer_tag=\"tag\"",
            "-> confirm.select", "<- confirm.select-ok",
            "-> basic.publish exchange=\"x\" routing_key=\"k\" mandatory content_type=\"text/plain\" delivery_mode=1 "
                + "4 bytes",
            "<- basic.deliver consumer_tag=\"tag\" delivery_tag=1 exchange=\"x\" routing_key=\"k\" "
                + "content_type=\"text/plain\" delivery_mode=1 4 bytes",
            "<- basic.ack delivery_tag=1", "-> basic.ack delivery_tag=1",
            "-> basic.publish exchange=\"\" routing_key=\"nowhere\" mandatory 0 bytes",
            "<- basic.return reply_code=312 reply_text=\"NO_ROUTE\" exchange=\"\" routing_key=\"nowhere\" 0 bytes",
            "<- basic.ack delivery_tag=2",
            "-> channel.open", "<- channel.open-ok", "-> tx.select", "<- tx.select-ok",
            "-> queue.declare queue=\"none\" passive",
        ];
        Assert.Equal(expected, entries.Take(expected.Length).Select(e => Text(e, "text")));
        var rest = entries[expected.Length..];
        Assert.Equal(
            ["channel.close", "heartbeat", "channel.close", "channel.close-ok"], rest.Select(e => Text(e, "method")));
        Assert.Equal(["out", "in", "in", "out"], rest.Select(e => Text(e, "direction")));
        Assert.Equal([1, 0, 2, 2], rest.Select(e => e.GetProperty("channel").GetInt32()));
        var error = Text(rest[0], "error");
        Assert.StartsWith("404 NOT_FOUND - no queue 'none' in vhost '/'", error);
        Assert.EndsWith(", caused by queue.declare", error);
        Assert.Equal("312 NO_ROUTE, the message came back", Text(entries[17], "error"));
        Assert.False(entries[12].TryGetProperty("payload", out _));
        Assert.Equal(4, entries[12].GetProperty("body_size").GetInt32());
        Assert.True(entries[12].GetProperty("arguments").GetProperty("mandatory").GetBoolean());
        Assert.Equal(Enumerable.Range(1, entries.Length), entries.Select(e => e.GetProperty("sequence").GetInt32()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", Text(entries[0], "time"));
    }

    [LevadaFact]
    public async Task A_handshake_is_shown_without_the_secrets()
    {
        var login = new Login { ClientProperties = Login.Properties().Add("connection_name", "worker") };
        using var connection = RawConnection.Connect(_broker);
        while (!_broker.Broker.Connections.All.Any())
            await Task.Yield();
        await StartAsync(connection.Name);
        connection.Open(login);
        connection.Send(0, new ConnectionUpdateSecret("guest"u8.ToArray(), "renewed"));
        connection.Expect<ConnectionUpdateSecretOk>(0);
        // Out of place, and garbled behind the secret: masked all the same.
        connection.Send(3, new ConnectionSecureOk("guest"u8.ToArray()));
        connection.Expect<ConnectionClose>(0);
        connection.SendMethod(0, MethodId.ConnectionSecureOk, [0, 0, 0, 9, .. "guest"u8]);
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();
        var entries = await UntilEndedAsync(connection.Name);
        Assert.Equal(
            [
                "connection.start", "connection.start-ok", "connection.tune", "connection.tune-ok", "connection.open",
                "connection.open-ok", "connection.update-secret", "connection.update-secret-ok",
                "connection.secure-ok", "connection.close", "connection.secure-ok", "connection.close-ok", "end",
            ],
            entries.Select(e => Text(e, "method")));
        var startOk = entries[1].GetProperty("arguments");
        Assert.Equal(("PLAIN", "***"), (Text(startOk, "mechanism"), Text(startOk, "response")));
        Assert.Equal("worker", Text(startOk.GetProperty("client_properties"), "connection_name"));
        Assert.Equal("-> connection.update-secret new_secret=\"***\" reason=\"renewed\"", Text(entries[6], "text"));
        Assert.Equal("-> connection.secure-ok response=\"***\"", Text(entries[8], "text"));
        Assert.Equal("the arguments cannot be decoded", Text(entries[10], "error"));
        var kept = _broker.Broker.Traces.Find(connection.Name)!.Read(0, 1000).Records;
        Assert.True(kept.AsSpan().IndexOf("renewed"u8) > 0);
        Assert.Equal(-1, kept.AsSpan().IndexOf("guest"u8));
    }

    [LevadaFact]
    public async Task Bodies_are_kept_only_if_asked_for_and_no_more_of_them_than_that()
    {
        using var connection = RawConnection.OpenWithChannel(_broker, new Login(FrameMax: 4096));
        await StartAsync(connection.Name, """{"body_bytes":10}""");
        connection.Publish(1, "", "nowhere", "short");
        connection.Publish(1, "", "nowhere", new byte[9000]);
        connection.Publish(1, "", "nowhere", "ä");
        connection.CloseChannel(1);
        var entries = await ReadAsync(connection.Name);
        Assert.Equal(5, entries.Length);
        Assert.Equal(("short", "string"), (Text(entries[0], "payload"), Text(entries[0], "payload_encoding")));
        Assert.Equal(9000, entries[1].GetProperty("body_size").GetInt32());
        Assert.Equal(new string('\0', 10), Text(entries[1], "payload"));
        Assert.Equal("-> basic.publish exchange=\"\" routing_key=\"nowhere\" 2 bytes: \"ä\"", Text(entries[2], "text"));
        var tooMuch = $$"""{"body_bytes":{{BodyMax + 1}}}""";
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(connection.Name, tooMuch));
    }

    [LevadaFact]
    public async Task Others_see_no_more_than_their_tags_allow()
    {
        var monitoring = TestUser.Create(_broker, ".*", ".*", ".*", "monitoring");
        var nobody = TestUser.Create(_broker, ".*", ".*", ".*", "management");
        using var others = RawConnection.OpenWithChannel(_broker);
        using var own = RawConnection.OpenWithChannel(_broker, nobody.Login);
        await StartAsync(others.Name, """{"body_bytes":10}""");
        var headers = new BasicProperties { Headers = new FieldTable().Add("token", "abc"), MessageId = "m-1" };
        others.Publish(1, "", "nowhere", "body", headers);
        others.CloseChannel(1);
        Assert.Contains("abc", (await ReadAsync(others.Name))[0].GetRawText());
        As(monitoring.Name);
        var seen = (await ReadAsync(others.Name))[0];
        Assert.False(seen.TryGetProperty("payload", out _));
        Assert.Equal("***", Text(seen.GetProperty("properties").GetProperty("headers"), "token"));
        Assert.Contains("message_id=\"m-1\"", Text(seen, "text"));
        Assert.DoesNotContain("abc", seen.GetRawText());
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(others.Name, """{"body_bytes":1}"""));
        As(nobody.Name);
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(others.Name, ""));
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(PathOf(others.Name), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.DeleteAsync(PathOf(others.Name), Stop)).StatusCode);
        await StartAsync(own.Name, """{"body_bytes":10}""");
        own.Publish(1, "", "nowhere", "mine", headers);
        own.CloseChannel(1);
        var mine = (await ReadAsync(own.Name))[0].GetRawText();
        Assert.Contains("abc", mine);
        Assert.Contains("mine", mine);
    }

    [LevadaFact]
    public async Task A_channel_is_traced_by_itself()
    {
        using var connection = RawConnection.OpenWithChannel(_broker);
        connection.OpenChannel(2);
        await StartAsync($"{connection.Name} (2)");
        connection.Publish(1, "", "nowhere", "x");
        connection.Publish(2, "", "nowhere", "y");
        // A publish without a header, and what is taken for one.
        connection.SendPublishMethod(2, "", "nowhere");
        connection.Send(2, new BasicQos(0, 1));
        connection.ExpectConnectionError(505, "UNEXPECTED_FRAME", MethodId.BasicPublish);
        var entries = await UntilEndedAsync($"{connection.Name} (2)");
        Assert.Equal(
            ["basic.publish", "basic.publish", "basic.qos", "end"], entries.Select(e => Text(e, "method")));
        Assert.Equal("its content header has not come", Text(entries[1], "error"));
        Assert.StartsWith("the connection was closed by the broker: 505 UNEXPECTED_FRAME", Text(entries[3], "error"));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync($"{connection.Name} (7)", ""));
    }

    private static string Text(JsonElement of, string key) => of.GetProperty(key).GetString()!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string PathOf(string name) =>
        $"/api/{(name.Contains(" (") ? "channels" : "connections")}/{Uri.EscapeDataString(name)}/trace";

    private async Task StartAsync(string name, string order = "") =>
        Assert.Equal(HttpStatusCode.Created, await PutAsync(name, order));

    private async Task<HttpStatusCode> PutAsync(string name, string order) =>
        (await _http.PutAsync(PathOf(name), new StringContent(order), Stop)).StatusCode;

    private Task<JsonElement> GetAsync(string name, string query = "") =>
        _http.GetFromJsonAsync<JsonElement>(PathOf(name) + query, Stop);

    private async Task<JsonElement[]> ReadAsync(string name) =>
        [.. (await GetAsync(name, "?since=0")).GetProperty("entries").EnumerateArray()];

    // That a connection is gone is told to its trace after the client has seen the end.
    private async Task<JsonElement[]> UntilEndedAsync(string name)
    {
        for (var deadline = DateTime.UtcNow + RawConnection.Patience; DateTime.UtcNow < deadline;)
        {
            var trace = await GetAsync(name, "?since=0");
            if (Text(trace, "state") == "ended")
                return [.. trace.GetProperty("entries").EnumerateArray()];
            await Task.Delay(20, Stop);
        }
        throw new AmqpExpectationException("the trace did not end in time");
    }

    private void As(string user) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{user}")));
}
