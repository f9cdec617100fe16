using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>What operators see of queues and do to them, over HTTP.</summary>
public sealed class QueueApiTests
{
    [Fact]
    public async Task Unacknowledged_messages_are_listed_with_who_holds_them_the_oldest_first()
    {
        await using var api = await OperatorApi.StartAsync();
        using var publisher = RawConnection.OpenWithChannel(api.Broker);
        var queue = publisher.DeclareQueue(1, TestBroker.Name("held")).Queue;
        publisher.SelectConfirms(1);
        for (ulong i = 1; i <= 5; i++)
        {
            publisher.Publish(1, "", queue, $"{i}");
            Assert.Equal(i, publisher.Expect<BasicAck>(1).DeliveryTag);
        }
        using var getter = RawConnection.OpenWithChannel(api.Broker);
        Assert.Equal("1", getter.Get(1, queue, noAck: false).Text);
        using var consumer = RawConnection.OpenWithChannel(api.Broker);
        consumer.OpenChannel(7);
        consumer.Qos(7, 2);
        consumer.Consume(7, queue, noAck: false, tag: "worker");
        Assert.Equal("2", consumer.ExpectDeliver(7).Text);
        Assert.Equal("3", consumer.ExpectDeliver(7).Text);
        var path = $"/api/queues/%2F/{queue}/unacked";

        var held = await api.ListAsync(path);
        Assert.Equal(
            [(getter.Name, 1, null), (consumer.Name, 7, "worker"), (consumer.Name, 7, "worker")],
            held.Select(static h => (
                h.GetProperty("connection").GetString(), h.GetProperty("channel").GetInt32(), Tag(h)))
                .OrderBy(static h => h.Item2));
        Assert.Equal([1, 1, 2], held.Select(static h => h.GetProperty("delivery_tag").GetInt32()).Order());
        Assert.All(held, static h => Assert.InRange(h.GetProperty("unacked_for_seconds").GetDouble(), 0, 60));
        Assert.All(held, static h => Assert.Equal("guest", h.GetProperty("user").GetString()));
        Assert.Single(await api.ListAsync($"{path}?count=1"));
        Assert.Equal(HttpStatusCode.BadRequest, await api.SendAsync(HttpMethod.Get, $"{path}?count=nothing"));
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Get, "/api/queues/%2F/nowhere/unacked"));
    }

    [Theory]
    [InlineData("queues/%2F/")]
    [InlineData("exchanges/%2F/")]
    [InlineData("vhosts/")]
    public async Task Names_are_no_longer_than_clients_can_say(string path)
    {
        await using var api = await OperatorApi.StartAsync();
        // An é has two octets.
        var name = Uri.EscapeDataString("é" + TestBroker.Name("x").PadRight(253, 'x'));
        Assert.Equal(HttpStatusCode.Created, await api.SendAsync(HttpMethod.Put, $"/api/{path}{name}", "{}"));
        Assert.Equal(
            "the name is longer than 255 octets, which no AMQP client can say",
            await api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, $"/api/{path}{name}x", "{}"));
    }

    [Fact]
    public async Task Queues_are_declared_shown_purged_and_deleted()
    {
        await using var api = await OperatorApi.StartAsync();
        var name = TestBroker.Name("a/b");
        var path = $"/api/queues/%2F/{Uri.EscapeDataString(name)}";
        const string wanted = """{"durable":true,"arguments":{"x-max-length":3}}""";
        Assert.Equal(HttpStatusCode.Created, await api.SendAsync(HttpMethod.Put, path, wanted));
        Assert.Equal(HttpStatusCode.NoContent, await api.SendAsync(HttpMethod.Put, path, wanted));
        Assert.Equal(HttpStatusCode.BadRequest, await api.SendAsync(HttpMethod.Put, path, """{"durable":false}"""));

        using var client = RawConnection.OpenWithChannel(api.Broker);
        client.SelectConfirms(1);
        for (ulong i = 1; i <= 2; i++)
        {
            client.Publish(1, "", name, "12345");
            Assert.Equal(i, client.Expect<BasicAck>(1).DeliveryTag);
        }
        client.Get(1, name);
        var shown = await api.GetAsync(path);
        Assert.Equal((2, 1, 1, 5, 0), (
            shown.GetProperty("messages").GetInt32(), shown.GetProperty("messages_ready").GetInt32(),
            shown.GetProperty("messages_unacknowledged").GetInt32(),
            shown.GetProperty("message_bytes_ready").GetInt32(), shown.GetProperty("consumers").GetInt32()));
        Assert.Equal(3, shown.GetProperty("arguments").GetProperty("x-max-length").GetInt32());
        Assert.Contains(await api.ListAsync("/api/queues"), q => q.GetProperty("name").GetString() == name);

        Assert.Equal(HttpStatusCode.BadRequest, await api.SendAsync(HttpMethod.Delete, path + "?if-empty=true"));
        await api.DoAsync(HttpMethod.Delete, path + "/contents");
        Assert.Equal("1 messages", (await api.LastAuditAsync()).Detail);
        client.Consume(1, name);
        Assert.Equal(HttpStatusCode.BadRequest, await api.SendAsync(HttpMethod.Delete, path + "?if-unused=true"));
        Assert.Equal(
            name, Assert.Single(await api.ListAsync("/api/consumers/%2F")).GetProperty("queue").GetProperty("name")
                .GetString());
        await api.DoAsync(HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Get, path));
    }

    private static string? Tag(JsonElement held) =>
        held.TryGetProperty("consumer_tag", out var tag) ? tag.GetString() : null;
}
