using System.Net;
using System.Text;
using System.Text.Json;
using Levada.Amqp;
using Levada.Operations;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Messages looked at and fetched over HTTP, and queues whose deliveries are stopped.</summary>
public sealed class QueueMessagesApiTests
{
    [Fact]
    public async Task A_paused_queue_takes_messages_and_hands_out_none()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.DeclareQueue(1, TestBroker.Name("paused")).Queue;
        client.Consume(1, queue, noAck: true);
        Assert.Equal("running", await StateAsync(api, queue));
        await api.DoAsync(HttpMethod.Put, $"{PathOf(queue)}/pause");
        await api.DoAsync(HttpMethod.Put, $"{PathOf(queue)}/pause");
        Assert.Equal("paused", await StateAsync(api, queue));
        client.Publish(1, "", queue, "a");
        Assert.Equal(1u, client.Count(1, queue));
        client.GetNothing(1, queue);
        await api.DoAsync(HttpMethod.Put, $"{PathOf(queue)}/resume");
        Assert.Equal("a", client.ExpectDeliver(1).Text);
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Put, "/api/queues/%2F/nowhere/pause"));
        var audit = api.Broker.Broker.Actions.Audit;
        Assert.Equal(1, audit.CountOf(OperatorAction.PauseQueue, OperatorOutcome.Done));
        Assert.Equal(1, audit.CountOf(OperatorAction.PauseQueue, OperatorOutcome.AlreadySo));
    }

    [Fact]
    public async Task A_durable_queue_stays_paused_over_a_restart()
    {
        await using var api = await OperatorApi.StartAsync();
        string queue;
        using (var client = RawConnection.OpenWithChannel(api.Broker))
        {
            queue = client.DeclareQueue(1, TestBroker.Name("paused"), durable: true).Queue;
            client.Fill(queue, new BasicProperties { DeliveryMode = 2 }, "a");
        }
        await api.DoAsync(HttpMethod.Put, $"{PathOf(queue)}/pause");
        await api.RestartAsync();
        Assert.Equal("paused", await StateAsync(api, queue));
        using var later = RawConnection.OpenWithChannel(api.Broker);
        later.Consume(1, queue, noAck: true);
        Assert.Equal(1u, later.Count(1, queue));
        await api.DoAsync(HttpMethod.Put, $"{PathOf(queue)}/resume");
        Assert.Equal("a", later.ExpectDeliver(1).Text);
        await api.RestartAsync();
        Assert.Equal("running", await StateAsync(api, queue));
    }

    [Fact]
    public async Task Messages_are_looked_at_by_position_and_stay_as_they_are()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.DeclareQueue(
            1, TestBroker.Name("seen"), arguments: new FieldTable().Add("x-max-priority", 5)).Queue;
        for (var i = 0; i < 20; i++)
        {
            client.Fill(
                queue, new BasicProperties { Priority = (byte)(i % 2 * 5), MessageId = $"id-{i}", DeliveryMode = 2 },
                $"body {i}");
        }
        var held = client.Get(1, queue);
        Assert.Equal("body 1", held.Text);
        Assert.Equal(["body 3", "body 5"], Payloads(await LookAsync(api, queue, "?count=2")));
        var seen = await LookAsync(api, queue, "?position=8&count=3&truncate=6");
        Assert.Equal(["body 1", "body 0", "body 2"], Payloads(seen));
        Assert.Equal([8, 9, 10], seen.Select(static m => m.GetProperty("position").GetInt32()));
        var last = seen[0];
        Assert.Equal(7, last.GetProperty("payload_bytes").GetInt32());
        Assert.Equal("string", last.GetProperty("payload_encoding").GetString());
        Assert.Equal(
            (queue, ""), (last.GetProperty("routing_key").GetString(), last.GetProperty("exchange").GetString()));
        var properties = last.GetProperty("properties");
        Assert.Equal(
            ("id-19", 5, 2),
            (properties.GetProperty("message_id").GetString(), properties.GetProperty("priority").GetInt32(),
                properties.GetProperty("delivery_mode").GetInt32()));
        // What comes back is in its old place, and nothing else has changed.
        client.Send(1, new BasicNack(held.DeliveryTag, false, true));
        Assert.Equal(20u, client.Count(1, queue));
        seen = await LookAsync(api, queue, "");
        Assert.Equal(("body 1", true, 10),
            (Payloads(seen)[0], seen[0].GetProperty("redelivered").GetBoolean(), seen.Count));
        Assert.Empty(await LookAsync(api, queue, "?position=20"));
        Assert.Equal("body 1", client.Get(1, queue, noAck: true).Text);
        Assert.False(client.Get(1, queue, noAck: true).Redelivered);
        Assert.Equal(
            HttpStatusCode.BadRequest, await api.SendAsync(HttpMethod.Get, $"{PathOf(queue)}/messages?count=1001"));
    }

    [Fact]
    public async Task A_large_body_and_one_that_is_no_text_are_shown_too()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.DeclareQueue(1, TestBroker.Name("seen")).Queue;
        client.SelectConfirms(1);
        client.Publish(1, "", queue, new byte[] { 0xFF, 0xFE });
        client.Publish(1, "", queue, Encoding.ASCII.GetBytes(new string('x', 2 << 20)));
        client.ExpectConfirms(1, 2);
        var seen = await LookAsync(api, queue, "?truncate=3");
        Assert.Equal(["//4=", "xxx"], Payloads(seen));
        Assert.Equal(["base64", "string"], seen.Select(static m => m.GetProperty("payload_encoding").GetString()));
        Assert.Equal(2 << 20, seen[1].GetProperty("payload_bytes").GetInt32());
        client.Send(1, new QueuePurge(queue));
        client.Expect<QueuePurgeOk>(1);
        await api.Broker.UntilAsync(static o => o.Path.BodyFiles == 0);
    }

    [Theory]
    [InlineData("ack_requeue_false", 1, 0)]
    [InlineData("reject_requeue_false", 1, 2)]
    [InlineData("ack_requeue_true", 3, 0)]
    [InlineData("reject_requeue_true", 3, 0)]
    public async Task Messages_are_fetched_as_from_RabbitMQ(string mode, uint left, uint dead)
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var target = client.DeclareQueue(1, TestBroker.Name("dead")).Queue;
        var queue = client.DeclareQueue(
            1, TestBroker.Name("fetched"), arguments: new FieldTable()
                .Add("x-dead-letter-exchange", "").Add("x-dead-letter-routing-key", target)).Queue;
        client.Fill(queue, "a", "b", "c");
        // Of a paused one, too: that is what it was paused for.
        await api.DoAsync(HttpMethod.Put, $"{PathOf(queue)}/pause");
        var (status, body) = await api.AskAsync(
            HttpMethod.Post, $"{PathOf(queue)}/get",
            $$"""{"count":2,"ackmode":"{{mode}}","encoding":"auto","truncate":50000}""");
        Assert.Equal(HttpStatusCode.OK, status);
        var seen = JsonDocument.Parse(body).RootElement.EnumerateArray().ToList();
        Assert.Equal(["a", "b"], Payloads(seen));
        Assert.Equal([2, 1], seen.Select(static m => m.GetProperty("message_count").GetInt32()));
        while (client.Count(1, target) < dead)
            Assert.Equal(left, client.Count(1, queue));
        Assert.Equal(left, client.Count(1, queue));
        await api.DoAsync(HttpMethod.Put, $"{PathOf(queue)}/resume");
        Assert.Equal(left == 3 ? "a* b* c" : "c", client.Drain(1, queue));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await api.SendAsync(HttpMethod.Post, $"{PathOf(queue)}/get", """{"count":1,"ackmode":"take"}"""));
    }

    private static string PathOf(string queue) => $"/api/queues/%2F/{queue}";

    private static async Task<string?> StateAsync(OperatorApi api, string queue)
    {
        var (_, body) = await api.AskAsync(HttpMethod.Get, PathOf(queue));
        return JsonDocument.Parse(body).RootElement.GetProperty("state").GetString();
    }

    private static async Task<List<JsonElement>> LookAsync(OperatorApi api, string queue, string query)
    {
        var (status, body) = await api.AskAsync(HttpMethod.Get, $"{PathOf(queue)}/messages{query}");
        Assert.Equal(HttpStatusCode.OK, status);
        return [.. JsonDocument.Parse(body).RootElement.EnumerateArray()];
    }

    private static string[] Payloads(IEnumerable<JsonElement> messages) =>
        [.. messages.Select(static m => m.GetProperty("payload").GetString()!)];
}
