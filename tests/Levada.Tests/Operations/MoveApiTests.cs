using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Messages moved from one queue to another over HTTP.</summary>
public sealed class MoveApiTests
{
    [Fact]
    public async Task All_messages_are_moved_in_their_order_and_those_held_stay()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var (from, to) = (Declare(client), Declare(client));
        client.Fill(from, [.. Enumerable.Range(0, 3000).Select(static i => $"{i}")]);
        var held = client.Get(1, from);
        Assert.Equal((2999, 0, 2999), await MoveAsync(api, from, $$"""{"destination":"{{to}}"}"""));
        Assert.Equal(0u, client.Count(1, from));
        client.Send(1, new BasicNack(held.DeliveryTag, false, true));
        Assert.Equal("0*", client.Drain(1, from));
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 2999)), client.Drain(1, to));
        await api.Broker.UntilAsync(static o => o is { MessagesReady: 0, MessagesUnacked: 0 });
    }

    [Fact]
    public async Task Only_those_that_match_are_moved_and_the_others_keep_their_places()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var (from, to) = (Declare(client), Declare(client));
        foreach (var key in (string[])["red", "blue"])
            client.Bind(1, from, "amq.direct", key);
        client.SelectConfirms(1);
        for (var i = 0; i < 10; i++)
        {
            client.Publish(1, "amq.direct", i % 2 == 0 ? "red" : "blue", $"{i}", new BasicProperties
            {
                Headers = new FieldTable().Add("n", i % 5).Add("odd", i % 2 == 1),
            });
        }
        client.ExpectConfirms(1, 10);
        Assert.Equal(
            (1, 0, 10), await MoveAsync(
                api, from, $$$"""{"destination":"{{{to}}}","routing_key":"blue","headers":{"n":2,"odd":true}}"""));
        Assert.Equal("7", client.Drain(1, to));
        Assert.Equal(
            (2, 0, 3), await MoveAsync(api, from, $$"""{"destination":"{{to}}","routing_key":"red","count":2}"""));
        var message = client.Get(1, to, noAck: true);
        Assert.Equal(("0", "amq.direct", "red", false),
            (message.Text, message.Exchange, message.RoutingKey, message.Redelivered));
        Assert.Equal("2", client.Drain(1, to));
        Assert.Equal("1 3 4 5 6 8 9", client.Drain(1, from));
    }

    [Fact]
    public async Task What_the_other_queue_refuses_stays()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var from = Declare(client);
        var to = client.DeclareQueue(1, TestBroker.Name("full"), arguments: new FieldTable()
            .Add("x-max-length", 2).Add("x-overflow", "reject-publish")).Queue;
        client.Fill(from, "a", "b", "c", "d");
        var (moved, refused, _) = await MoveAsync(api, from, $$"""{"destination":"{{to}}"}""");
        Assert.Equal((2, 2), (moved, refused));
        Assert.Equal("a b", client.Drain(1, to));
        Assert.Equal("c d", client.Drain(1, from));
        Assert.Equal("destination is the queue itself: name another one", await RefusedAsync(from));
        Assert.Equal("destination: there is no queue 'nowhere' in vhost '/'", await RefusedAsync("nowhere"));

        Task<string> RefusedAsync(string wrong) => api.RefusedAsync(
            HttpStatusCode.BadRequest, HttpMethod.Post, $"/api/queues/%2F/{from}/move",
            $$"""{"destination":"{{wrong}}"}""");
    }

    [Fact]
    public async Task Priorities_count_in_both_queues_and_large_bodies_move_too()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var arguments = new FieldTable().Add("x-max-priority", 9);
        var from = client.DeclareQueue(1, TestBroker.Name("from"), arguments: arguments).Queue;
        var to = client.DeclareQueue(1, TestBroker.Name("to"), arguments: arguments).Queue;
        foreach (var priority in (byte[])[1, 9, 0, 9, 5])
            client.Fill(from, new BasicProperties { Priority = priority }, $"{priority}");
        client.Fill(from, new BasicProperties { Priority = 7 }, new string('7', 2 << 20));
        Assert.Equal((4, 0, 4), await MoveAsync(api, from, $$"""{"destination":"{{to}}","count":4}"""));
        Assert.Equal("1 0", client.Drain(1, from));
        Assert.Equal("9 9 7 5", string.Join(' ', client.Drain(1, to).Split(' ').Select(static t => t[..1])));
    }

    private static string Declare(RawConnection client) => client.DeclareQueue(1, TestBroker.Name("queue")).Queue;

    private static async Task<(int Moved, int Refused, int LookedAt)> MoveAsync(
        OperatorApi api, string queue, string order)
    {
        var (status, body) = await api.AskAsync(HttpMethod.Post, $"/api/queues/%2F/{queue}/move", order);
        Assert.True(status == HttpStatusCode.OK, body);
        var reply = JsonDocument.Parse(body).RootElement;
        return (Number("moved"), Number("refused"), Number("looked_at"));

        int Number(string key) => reply.GetProperty(key).GetInt32();
    }
}
