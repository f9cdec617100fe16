using System.Net;
using System.Text.Json;
using Levada.Amqp;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Messages published over HTTP are those that a client would have published.</summary>
public sealed class PublishApiTests
{
    private const string Default = "/api/exchanges/%2F/amq.default/publish";

    [Fact]
    public async Task A_message_comes_as_it_was_published()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.DeclareQueue(1, TestBroker.Name("q")).Queue;
        client.Consume(1, queue);
        Assert.True(await RoutedAsync(api, Default, $$$"""
            {"routing_key":"{{{queue}}}","payload":"hello","payload_encoding":"string","properties":{
            "delivery_mode":2,"content_type":"text/plain","priority":3,"message_id":"m","timestamp":1700000000,
            "headers":{"a":1,"b":["x",{"y":true}]} } }
            """));
        var message = client.ExpectDeliver(1);
        Assert.Equal("hello", message.Text);
        var properties = message.Properties;
        Assert.Equal((2, "text/plain", 3, "m", 1700000000ul), (
            properties.DeliveryMode!.Value, properties.ContentType, properties.Priority!.Value, properties.MessageId,
            properties.Timestamp!.Value));
        Assert.True(properties.Headers!.TryGet("a", out var a) && a.TryGetInteger(out var one) && one == 1);

        Assert.True(await RoutedAsync(api, Default, Body(queue, "AAEC", "base64")));
        Assert.Equal([0, 1, 2], client.ExpectDeliver(1).Body);
        Assert.False(await RoutedAsync(api, Default, Body("nowhere", "x", "string")));
        Assert.Equal("publish_message", (await api.LastAuditAsync()).Action);
        var exchange = await api.GetAsync("/api/exchanges/%2F/amq.default");
        Assert.Equal((3, 2), (
            exchange.GetProperty("message_stats").GetProperty("publish_in").GetInt32(),
            exchange.GetProperty("message_stats").GetProperty("publish_out").GetInt32()));
    }

    [Fact]
    public async Task It_goes_to_all_queues_and_to_copies_that_its_headers_name()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        string[] queues = [.. Enumerable.Range(0, 10).Select(_ => client.DeclareQueue(1, TestBroker.Name("q")).Queue)];
        foreach (var queue in queues[..8])
            client.Bind(1, queue, "amq.fanout", "");
        Assert.True(await RoutedAsync(
            api, "/api/exchanges/%2F/amq.fanout/publish", Body("", "x", "string")));
        foreach (var queue in queues[..8])
            Assert.Equal("x", client.Get(1, queue).Text);
        Assert.True(await RoutedAsync(api, Default, $$$"""
            {"routing_key":"nowhere","payload":"y","payload_encoding":"string",
            "properties":{"headers":{"CC":["{{{queues[8]}}}"],"BCC":["{{{queues[9]}}}"]} } }
            """));
        foreach (var queue in queues[8..])
        {
            var headers = client.Get(1, queue).Properties.Headers!;
            Assert.True(headers.TryGet("CC", out _));
            Assert.False(headers.TryGet("BCC", out _));
        }
    }

    [Theory]
    [InlineData("""{"payload":"x","payload_encoding":"string","properties":{}}""", "routing_key is missing")]
    [InlineData("""{"routing_key":"k","payload_encoding":"string","properties":{}}""", "payload is missing")]
    [InlineData("""{"routing_key":"k","payload":"x","properties":{}}""", "payload_encoding is missing")]
    [InlineData("""{"routing_key":"k","payload":"x","payload_encoding":"string"}""", "properties is missing")]
    [InlineData(
        """{"routing_key":"k","payload":"*","payload_encoding":"base64","properties":{}}""", "payload is not base64")]
    [InlineData(
        """{"routing_key":"k","payload":"x","payload_encoding":"hex","properties":{}}""",
        "payload_encoding is string or base64")]
    [InlineData(
        """{"routing_key":"k","payload":"x","payload_encoding":"string","properties":{"delivery_mode":"two"}}""",
        "properties.delivery_mode is no whole number")]
    [InlineData(
        """{"routing_key":"k","payload":"x","payload_encoding":"string","properties":{"expiration":"soon"}}""",
        "invalid expiration 'soon'")]
    [InlineData(
        """{"routing_key":"k","payload":"x","payload_encoding":"string","properties":{"user_id":"other"}}""",
        "user_id property set to 'other' but authenticated user was 'guest'")]
    [InlineData("{", "not_json")]
    public async Task What_makes_no_message_is_refused(string body, string reason)
    {
        await using var api = await OperatorApi.StartAsync();
        Assert.Equal(
            reason, await api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, Default, body));
    }

    [Fact]
    public async Task Rights_limits_and_full_queues_count()
    {
        await using var api = await OperatorApi.StartAsync();
        Assert.Equal(
            "404 NOT_FOUND - no exchange 'none' in vhost '/'",
            await api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Post, "/api/exchanges/%2F/none/publish",
                Body("k", "x", "string")));
        await api.RefusedAsync(
            HttpStatusCode.RequestEntityTooLarge, HttpMethod.Post, Default,
            Body("k", new string('x', (1 << 20) + 1), "string"));
        await api.CreateAsync(
            "/api/queues/%2F/full", """{"arguments":{"x-max-length":0,"x-overflow":"reject-publish"}}""");
        Assert.Equal(
            "a queue is full and refuses it",
            await api.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Post, Default, Body("full", "x", "string")));
        await api.CreateAsync("/api/users/reader", """{"password":"reader","tags":"management"}""");
        await api.CreateAsync("/api/permissions/%2F/reader", """{"configure":"","write":"","read":".*"}""");
        api.User = "reader";
        await api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, Default, Body("full", "x", "string"));
        await api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/aliveness-test/%2F");
    }

    [Fact]
    public async Task Nothing_is_published_while_an_alarm_is_on()
    {
        await using var api = await OperatorApi.StartAsync();
        var alarms = api.Broker.Broker.Alarms;
        alarms.Set(Alarms.Disk, "low on disk (a write found no space)", isFull: true);
        const string Reason = "publishing is blocked: low on disk (a write found no space)";
        Assert.Equal(Reason, await api.RefusedAsync(
            HttpStatusCode.ServiceUnavailable, HttpMethod.Post, Default, Body("k", "x", "string")));
        Assert.Equal(Reason, await api.RefusedAsync(
            HttpStatusCode.ServiceUnavailable, HttpMethod.Get, "/api/aliveness-test/%2F"));
    }

    [Fact]
    public async Task A_broker_that_lives_passes_its_test()
    {
        await using var api = await OperatorApi.StartAsync();
        for (var i = 0; i < 2; i++)
            Assert.Equal("ok", (await api.GetAsync("/api/aliveness-test/%2F")).GetProperty("status").GetString());
        Assert.Equal(
            0, (await api.GetAsync("/api/queues/%2F/aliveness-test")).GetProperty("messages").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Get, "/api/aliveness-test/none"));
    }

    [Fact]
    public async Task What_is_persistent_is_there_after_a_restart()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/queues/%2F/kept", """{"durable":true}""");
        Assert.True(await RoutedAsync(api, Default, """
            {"routing_key":"kept","payload":"x","payload_encoding":"string","properties":{"delivery_mode":2}}
            """));
        await api.RestartAsync();
        Assert.Equal(1, (await api.GetAsync("/api/queues/%2F/kept")).GetProperty("messages").GetInt32());
    }

    private static string Body(string key, string payload, string encoding) =>
        $$$"""
            {"routing_key":"{{{key}}}","payload":"{{{payload}}}","payload_encoding":"{{{encoding}}}","properties":{}}
            """;

    private static async Task<bool> RoutedAsync(OperatorApi api, string path, string body)
    {
        var (status, answer) = await api.AskAsync(HttpMethod.Post, path, body);
        Assert.True(status == HttpStatusCode.OK, answer);
        return JsonDocument.Parse(answer).RootElement.GetProperty("routed").GetBoolean();
    }
}
