using System.Globalization;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>
/// Messages by channel and exchange, channel and queue, exchange and queue, in the answers of one channel, exchange or
/// queue.
/// </summary>
public sealed class CountsApiTests
{
    private const string Publishes = "publish confirm return_unroutable drop_unroutable";
    private const string Deliveries = "deliver deliver_no_ack get get_no_ack get_empty ack redeliver deliver_get";

    [Fact]
    public async Task Publishes_of_a_channel_by_exchange()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.NewQueue(1);
        client.Bind(1, queue, "amq.topic", "a.*");
        client.SelectConfirms(1);
        // One read, and so one cumulative confirm.
        client.InOneWrite(() =>
        {
            client.Publish(1, "", queue, "1");
            client.Publish(1, "", queue, "2");
            client.Publish(1, "amq.topic", "a.b", "3");
            client.Publish(1, "amq.topic", "a.c", "4");
            client.Publish(1, "amq.topic", "nowhere", "5");
            client.Publish(1, "", queue, "6");
        });
        client.ExpectConfirms(1, 6);
        client.Publish(1, "amq.topic", "nowhere", "7", mandatory: true);
        client.Expect<BasicReturn>(1);
        client.Receive();
        client.Receive();
        client.ExpectConfirms(1, 1, first: 7);

        var channel = await api.GetAsync(OperatorApi.PathOf(client, 1));
        Assert.Equal([": 3 3 0 0", "amq.topic: 4 4 1 1"], List(channel, "publishes", "exchange", Publishes));
        AssertSums(channel, "publishes", Publishes);
        Assert.Empty(List(channel, "deliveries", "queue", Deliveries));
        Assert.All(
            channel.GetProperty("publishes").EnumerateArray(),
            one => Assert.True(one.GetProperty("stats").GetProperty("publish_details").GetProperty("rate").GetDouble()
                > 0));

        // Lists do without, as RabbitMQ's.
        var listed = Assert.Single(await api.ListAsync("/api/channels"));
        Assert.False(listed.TryGetProperty("publishes", out _));
        Assert.False(listed.TryGetProperty("deliveries", out _));
    }

    [Fact]
    public async Task Confirms_count_for_what_came_after_confirm_select()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.NewQueue(1);
        client.Publish(1, "", queue, "before");
        client.SelectConfirms(1);
        for (var i = 0; i < 10; i++)
        {
            client.InOneWrite(() =>
            {
                client.Publish(1, "", queue, "after");
                client.Publish(1, "amq.fanout", "", "after");
                client.Publish(1, "amq.fanout", "", "after");
            });
        }
        client.ExpectConfirms(1, 30);
        Assert.Equal(
            [": 11 10 0 0", "amq.fanout: 20 20 0 20"],
            List(await api.GetAsync(OperatorApi.PathOf(client, 1)), "publishes", "exchange", Publishes));
    }

    [Fact]
    public async Task Deliveries_of_a_channel_by_queue()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        string[] queues = [.. "abcd".Select(name => client.DeclareQueue(1, TestBroker.Name($"{name}")).Queue)];
        foreach (var queue in queues[..3])
            client.Fill(queue, "1", "2", "3", "4");
        // a: a consumer acknowledges two, gives one back and gets it again.
        client.Qos(1, 10);
        var tag = client.Consume(1, queues[0]);
        var tags = client.ExpectDeliveries(1, "1", "2", "3", "4");
        client.Send(1, new BasicAck(tags[1], true));
        client.Send(1, new BasicReject(tags[2], true));
        Assert.True(client.ExpectDeliver(1).Redelivered);
        client.Cancel(1, tag);
        client.Send(1, new BasicAck(tags[3], false));
        // b: a consumer without acknowledgements.
        client.Consume(1, queues[1], noAck: true);
        client.ExpectDeliveries(1, "1", "2", "3", "4");
        // c and d: basic.get.
        client.Get(1, queues[2], noAck: true);
        client.Send(1, new BasicAck(client.Get(1, queues[2]).DeliveryTag, false));
        client.Send(1, new BasicReject(client.Get(1, queues[2]).DeliveryTag, true));
        Assert.True(client.Get(1, queues[2]).Redelivered);
        client.GetNothing(1, queues[3]);

        var channel = await api.GetAsync(OperatorApi.PathOf(client, 1));
        string[] stats = ["5 0 0 0 0 3 1 5", "0 4 0 0 0 0 0 4", "0 0 3 1 0 1 1 4", "0 0 0 0 1 0 0 0"];
        Assert.Equal(
            queues.Zip(stats, static (queue, all) => $"{queue}: {all}"),
            List(channel, "deliveries", "queue", Deliveries));
        AssertSums(channel, "deliveries", Deliveries);
        // The same, asked of each queue, as this channel alone was given of it.
        for (var i = 0; i < queues.Length; i++)
        {
            var queue = await api.GetAsync($"/api/queues/%2F/{queues[i]}");
            Assert.Equal(
                [$"{client.Name} (1): {stats[i]}"], List(queue, "deliveries", "channel_details", Deliveries));
            AssertSums(queue, "deliveries", Deliveries);
        }
    }

    [Fact]
    public async Task Acknowledged_in_a_transaction_counts_when_it_is_committed()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.DeclareQueue(1, TestBroker.Name("q")).Queue;
        client.Fill(queue, "1", "2");
        client.SelectTx(1);
        client.Consume(1, queue);
        client.ExpectDeliveries(1, "1", "2");
        client.Send(1, new BasicAck(1, false));
        client.Rollback(1);
        Assert.Equal(0, await AcknowledgedAsync());
        client.Send(1, new BasicAck(2, true));
        client.Commit(1);
        Assert.Equal(2, await AcknowledgedAsync());

        async Task<int> AcknowledgedAsync() => (await api.GetAsync(OperatorApi.PathOf(client, 1)))
            .GetProperty("deliveries")[0].GetProperty("stats").GetProperty("ack").GetInt32();
    }

    [Fact]
    public async Task Ways_count_by_the_exchange_that_was_published_to()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var (first, second) = (client.NewExchange(1, "topic"), client.NewExchange(1, "fanout"));
        var (direct, behind) = (client.NewSharedQueue(1), client.NewSharedQueue(1));
        client.Bind(1, direct, first, "a.#");
        client.Bind(1, behind, second, "");
        client.Send(1, new ExchangeBind(second, first, "#.b"));
        client.Expect<ExchangeBindOk>(1);
        client.SelectConfirms(1);
        string[] keys = ["a.b", "a.b", "a.c", "x.b", "none"];
        foreach (var key in keys)
            client.Publish(1, first, key, "x");
        client.Publish(1, "", direct, "x");
        client.ExpectConfirms(1, 6);
        await CheckAsync([$"{client.Name} (1): 5 5 0 1"]);
        // What went from an exchange to a queue outlives the channel; who published to it does not.
        client.CloseChannel(1);
        await CheckAsync([]);
        client.OpenChannel(1);
        client.SelectConfirms(1);
        client.Publish(1, first, "a.b", "x");
        client.ExpectConfirms(1, 1);
        Assert.Equal(
            Sorted($"{direct}: 4", $"{behind}: 4"),
            List(await api.GetAsync($"/api/exchanges/%2F/{first}"), "outgoing", "queue", "publish"));
        // HTTP counts as well.
        await api.PostAsync(
            $"/api/exchanges/%2F/{first}/publish",
            """{"routing_key":"a.c","payload":"x","payload_encoding":"string","properties":{}}""");
        Assert.Contains(
            $"{first}: 5", List(await api.GetAsync($"/api/queues/%2F/{direct}"), "incoming", "exchange", "publish"));

        async Task CheckAsync(string[] incoming)
        {
            var exchange = await api.GetAsync($"/api/exchanges/%2F/{first}");
            Assert.Equal(incoming, List(exchange, "incoming", "channel_details", Publishes));
            Assert.Equal(
                Sorted($"{direct}: 3", $"{behind}: 3"), List(exchange, "outgoing", "queue", "publish"));
            Assert.Equal(6, exchange.GetProperty("message_stats").GetProperty("publish_out").GetInt32());
            Assert.Empty(List(await api.GetAsync($"/api/exchanges/%2F/{second}"), "outgoing", "queue", "publish"));
            var queue = await api.GetAsync($"/api/queues/%2F/{direct}");
            Assert.Equal([": 1", $"{first}: 3"], List(queue, "incoming", "exchange", "publish"));
            Assert.Equal(4, queue.GetProperty("message_stats").GetProperty("publish").GetInt32());
            Assert.Equal(
                [$"{first}: 3"],
                List(await api.GetAsync($"/api/queues/%2F/{behind}"), "incoming", "exchange", "publish"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_deleted_is_forgotten_and_begins_anew(bool isChannelOpen)
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        using var other = RawConnection.OpenWithChannel(api.Broker);
        var (exchange, queue, kept) = (TestBroker.Name("x"), TestBroker.Name("q"), client.NewSharedQueue(1));
        client.DeclareExchange(1, exchange, "fanout");
        client.DeclareQueue(1, queue);
        client.Bind(1, queue, exchange, "");
        client.Bind(1, kept, exchange, "");
        Publish();
        client.Get(1, queue, noAck: true);
        if (!isChannelOpen)
            client.CloseChannel(1);
        other.Delete(1, queue);
        Assert.Equal([$"{kept}: 1"], await OutgoingAsync());
        other.DeclareQueue(1, queue);
        other.Bind(1, queue, exchange, "");
        Assert.Empty(List(await api.GetAsync($"/api/queues/%2F/{queue}"), "deliveries", "channel_details", "get"));
        Assert.Empty(List(await api.GetAsync($"/api/queues/%2F/{queue}"), "incoming", "exchange", "publish"));
        if (isChannelOpen)
        {
            Assert.Empty(List(await api.GetAsync(OperatorApi.PathOf(client, 1)), "deliveries", "queue", "get"));
            Publish();
            Assert.Equal(Sorted($"{queue}: 1", $"{kept}: 2"), await OutgoingAsync());
        }

        other.Send(1, new ExchangeDelete(exchange));
        other.Expect<ExchangeDeleteOk>(1);
        other.DeclareExchange(1, exchange, "fanout");
        Assert.Empty(List(await api.GetAsync($"/api/queues/%2F/{kept}"), "incoming", "exchange", "publish"));
        Assert.Empty(await OutgoingAsync());
        if (isChannelOpen)
        {
            Assert.Empty(
                List(await api.GetAsync(OperatorApi.PathOf(client, 1)), "publishes", "exchange", "publish"));
        }

        void Publish()
        {
            client.Publish(1, exchange, "", "x");
            client.Qos(1, 1);
        }

        async Task<string[]> OutgoingAsync() =>
            List(await api.GetAsync($"/api/exchanges/%2F/{exchange}"), "outgoing", "queue", "publish");
    }

    [Fact]
    public async Task Beyond_the_bound_messages_are_counted_together()
    {
        await using var api = await OperatorApi.StartAsync(static options => options.CountedPairsMax = 3);
        using var client = RawConnection.OpenWithChannel(api.Broker);
        string[] exchanges = [.. Enumerable.Range(0, 10).Select(_ => client.NewExchange(1, "fanout"))];
        string[] queues = [.. Enumerable.Range(0, 10).Select(_ => client.NewQueue(1))];
        client.SelectConfirms(1);
        for (var i = 0; i < 20; i++)
        {
            client.Publish(1, exchanges[i % 10], "", "x");
            client.Publish(1, "", queues[i % 10], "x");
        }
        client.ExpectConfirms(1, 40);
        for (var i = 0; i < 20; i++)
            client.Get(1, queues[i % 10], noAck: true);
        var channel = await api.GetAsync(OperatorApi.PathOf(client, 1));
        // The default exchange and two others; twenty, and two each.
        Assert.Equal(
            Sorted(": 20 20", $"{exchanges[0]}: 2 2", $"{exchanges[1]}: 2 2"),
            List(channel, "publishes", "exchange", "publish confirm"));
        Assert.Equal(
            Sorted([.. queues[..3].Select(static queue => $"{queue}: 2")]),
            List(channel, "deliveries", "queue", "get_no_ack"));
        Assert.Equal(
            Sorted([.. queues[..3].Select(static queue => $"{queue}: 2")]),
            List(await api.GetAsync("/api/exchanges/%2F/amq.default"), "outgoing", "queue", "publish"));
        await CheckAsync();
        client.CloseChannel(1);
        await CheckAsync();

        async Task CheckAsync()
        {
            var metrics = await api.MetricsAsync();
            Assert.Contains("levada_limit{key=\"counted_pairs_max\"} 3\n", metrics, StringComparison.Ordinal);
            foreach (var (by, count) in ((string, int)[])
                [("channel_exchange", 16), ("channel_queue", 14), ("exchange_queue", 14)])
            {
                Assert.Contains(
                    $"levada_messages_uncounted_total{{by=\"{by}\"}} {count}\n", metrics, StringComparison.Ordinal);
            }
            // Totals are whole all the same.
            foreach (var exchange in exchanges)
            {
                var stats = (await api.GetAsync($"/api/exchanges/%2F/{exchange}")).GetProperty("message_stats");
                Assert.Equal(2, stats.GetProperty("publish_in").GetInt32());
            }
        }
    }

    [Fact]
    public async Task What_is_deleted_makes_room_for_others()
    {
        await using var api = await OperatorApi.StartAsync(static options => options.CountedPairsMax = 2);
        using var client = RawConnection.OpenWithChannel(api.Broker);
        for (var i = 0; i < 20; i++)
        {
            var queue = client.DeclareQueue(1, TestBroker.Name("q")).Queue;
            client.Publish(1, "", queue, "x");
            client.Get(1, queue, noAck: true);
            Assert.Equal(
                [$"{queue}: 1"],
                List(await api.GetAsync(OperatorApi.PathOf(client, 1)), "deliveries", "queue", "get_no_ack"));
            Assert.Equal(
                [": 1"], List(await api.GetAsync($"/api/queues/%2F/{queue}"), "incoming", "exchange", "publish"));
            client.Delete(1, queue);
        }
    }

    [Fact]
    public async Task With_no_room_at_all_nothing_is_listed()
    {
        await using var api = await OperatorApi.StartAsync(static options => options.CountedPairsMax = 0);
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.NewQueue(1);
        client.Publish(1, "", queue, "x");
        client.Get(1, queue, noAck: true);
        var channel = await api.GetAsync(OperatorApi.PathOf(client, 1));
        Assert.Empty(List(channel, "publishes", "exchange", Publishes));
        Assert.Empty(List(channel, "deliveries", "queue", Deliveries));
        Assert.Equal(1, channel.GetProperty("message_stats").GetProperty("publish").GetInt32());
        Assert.Equal(1, (await api.GetAsync("/api/exchanges/%2F/amq.default"))
            .GetProperty("message_stats").GetProperty("publish_out").GetInt32());
    }

    [Fact]
    public async Task Metrics_have_RabbitMQs_labels()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.NewQueue(1);
        client.Bind(1, queue, "amq.topic", "a.*");
        client.SelectConfirms(1);
        client.Publish(1, "amq.topic", "a.b", "x");
        client.Publish(1, "amq.topic", "a.c", "x");
        client.Publish(1, "", "nowhere", "x");
        client.ExpectConfirms(1, 3);
        client.Get(1, queue, noAck: true);
        var channel = $"channel=\"{client.Name} (1)\"";
        string[] samples =
        [
            $$"""channel_messages_published_total{{{channel}},vhost="/",exchange="amq.topic"} 2""",
            $$"""channel_messages_confirmed_total{{{channel}},vhost="/",exchange="amq.topic"} 2""",
            $$"""channel_messages_unroutable_dropped_total{{{channel}},vhost="/",exchange=""} 1""",
            $$"""channel_get_total{{{channel}},vhost="/",queue="{{queue}}"} 1""",
            $$"""queue_messages_published_total{{{channel}},queue_vhost="/",queue="{{queue}}","""
                + """exchange_vhost="/",exchange="amq.topic"} 2""",
        ];
        var detailed = await MetricsAsync(
            "detailed?family=channel_exchange_metrics&family=channel_queue_metrics&family=queue_metrics"
            + "&family=channel_queue_exchange_metrics");
        var perObject = await MetricsAsync("per-object");
        foreach (var sample in samples)
        {
            Assert.Contains($"\nrabbitmq_detailed_{sample}\n", detailed, StringComparison.Ordinal);
            Assert.Contains($"\nrabbitmq_{sample}\n", perObject, StringComparison.Ordinal);
        }
        // A name comes once in an answer, whichever families have it.
        Assert.Equal(2, detailed.Split("# TYPE rabbitmq_detailed_queue_messages_published_total ").Length);
        Assert.Contains(
            $$"""rabbitmq_detailed_queue_messages_published_total{vhost="/",queue="{{queue}}"} 2""",
            await MetricsAsync("detailed?family=queue_metrics"), StringComparison.Ordinal);

        async Task<string> MetricsAsync(string path)
        {
            var (status, text) = await api.AskAsync(HttpMethod.Get, $"/metrics/{path}");
            Assert.Equal(System.Net.HttpStatusCode.OK, status);
            return text;
        }
    }

    // NAME: FIGURES, in the order of the answer; by the name of a channel, exchange or queue.
    private static string[] List(JsonElement answer, string list, string by, string figures) =>
    [
        .. answer.GetProperty(list).EnumerateArray().Select(one =>
            $"{one.GetProperty(by).GetProperty("name").GetString()}: " + string.Join(
                ' ', figures.Split(' ').Select(figure => one.GetProperty("stats").GetProperty(figure).GetInt64()))),
    ];

    private static string[] Sorted(params string[] names) => [.. names.Order(StringComparer.Ordinal)];

    private static void AssertSums(JsonElement answer, string list, string figures)
    {
        foreach (var figure in figures.Split(' '))
        {
            var sum = answer.GetProperty(list).EnumerateArray()
                .Sum(one => one.GetProperty("stats").GetProperty(figure).GetInt64());
            var total = answer.GetProperty("message_stats").GetProperty(figure).GetInt64();
            Assert.True(sum == total, string.Create(CultureInfo.InvariantCulture, $"{figure}: {sum} of {total}"));
        }
    }
}
