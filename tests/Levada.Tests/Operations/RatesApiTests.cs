using System.Net;
using System.Text.Json;
using Levada.Management.Lists;
using Levada.Protocol;
using Levada.Queues;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Rates, and samples of the past, as RabbitMQ shapes them.</summary>
public sealed class RatesApiTests
{
    private const string Ages = "?lengths_age=60&lengths_incr=5&msg_rates_age=60&msg_rates_incr=5"
        + "&data_rates_age=60&data_rates_incr=5&node_stats_age=60&node_stats_incr=5";

    [Theory]
    [InlineData("overview", "message_stats.publish_details")]
    [InlineData("overview", "queue_totals.messages_details")]
    [InlineData("overview", "churn_rates.channel_created_details")]
    [InlineData("nodes/NODE", "mem_used_details")]
    [InlineData("vhosts/%2F", "message_stats.publish_details")]
    [InlineData("vhosts/%2F", "messages_ready_details")]
    [InlineData("vhosts/%2F", "recv_oct_details")]
    [InlineData("queues/%2F/QUEUE", "message_stats.publish_details")]
    [InlineData("queues/%2F/QUEUE", "messages_details")]
    [InlineData("connections/CONNECTION", "recv_oct_details")]
    [InlineData("connections/CONNECTION", "message_stats.publish_details")]
    [InlineData("channels/CHANNEL", "message_stats.publish_details")]
    [InlineData("exchanges/%2F/amq.default", "message_stats.publish_out_details")]
    public async Task Samples_stand_at_equal_distances_the_latest_first(string path, string field)
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.DeclareQueue(1, TestBroker.Name("q")).Queue;
        client.SelectConfirms(1);
        client.Publish(1, "", queue, "x");
        client.Expect<BasicAck>(1);
        path = path.Replace("QUEUE", queue, StringComparison.Ordinal)
            .Replace("NODE", api.Broker.Broker.NodeName, StringComparison.Ordinal)
            .Replace("CONNECTION", Uri.EscapeDataString(client.Name), StringComparison.Ordinal)
            .Replace("CHANNEL", Uri.EscapeDataString($"{client.Name} (1)"), StringComparison.Ordinal);

        var details = Find(await api.GetAsync($"/api/{path}{Ages}"), field);
        var samples = details.GetProperty("samples").EnumerateArray().ToArray();
        Assert.Equal(13, samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            Assert.Equal(
                samples[0].GetProperty("timestamp").GetInt64() - (5_000 * i),
                samples[i].GetProperty("timestamp").GetInt64());
            Assert.Equal(JsonValueKind.Number, samples[i].GetProperty("sample").ValueKind);
        }
        Assert.Equal(0, samples[0].GetProperty("timestamp").GetInt64() % 5_000);
        foreach (var key in (string[])["rate", "avg_rate", "avg"])
            Assert.Equal(JsonValueKind.Number, details.GetProperty(key).ValueKind);
        Assert.False(Find(await api.GetAsync($"/api/{path}"), field).TryGetProperty("samples", out _));
        Assert.Equal(
            "Invalid range parameters: age 60000000, incr 1",
            await api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Get,
                $"/api/{path}?msg_rates_age=60000000&msg_rates_incr=1"));
    }

    [Fact]
    public async Task A_virtual_host_is_sampled_before_anybody_looks()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.Broker.UntilAsync(_ => api.Broker.Broker.History.Watched.Count > 0);
        var sampled = api.Broker.Broker.Now;
        await api.Broker.UntilAsync(_ => api.Broker.Broker.Now > sampled);
        var details = Find(await api.GetAsync($"/api/vhosts/%2F{Ages}"), "message_stats.publish_details");
        Assert.InRange(details.GetProperty("samples_since").GetInt64(), 1, sampled.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task What_goes_through_exchanges_and_virtual_hosts_is_counted()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/vhosts/other", "{}");
        string queue;
        using (var client = RawConnection.OpenWithChannel(api.Broker))
        {
            queue = client.DeclareQueue(1, TestBroker.Name("q")).Queue;
            client.Bind(1, queue, "amq.fanout", "");
            client.Bind(1, queue, "amq.topic", "a.#");
            client.SelectConfirms(1);
            string[] exchanges = ["amq.fanout", "amq.fanout", "amq.topic", "amq.fanout", "amq.topic"];
            for (var i = 0; i < exchanges.Length; i++)
            {
                client.Publish(1, exchanges[i], i == 4 ? "b" : "a", "x");
                Assert.Equal((ulong)i + 1, client.Expect<BasicAck>(1).DeliveryTag);
            }
            await CheckAsync();
        }
        // The connection is gone, what it did is not.
        await api.Broker.UntilAsync(_ => !api.Broker.Broker.Connections.All.Any());
        await CheckAsync();

        async Task CheckAsync()
        {
            var all = (await api.ListAsync("/api/exchanges/%2F")).ToDictionary(
                static e => e.GetProperty("name").GetString()!, static e => e);
            Assert.Equal((3, 3), Published(all["amq.fanout"]));
            Assert.Equal((2, 1), Published(all["amq.topic"]));
            Assert.False(all["amq.direct"].TryGetProperty("message_stats", out _));
            var vhosts = await api.ListAsync("/api/vhosts?sort=name");
            Assert.Equal(
                [5, 0], vhosts.Select(static v => v.GetProperty("message_stats").GetProperty("publish").GetInt32()));
            Assert.Equal([4, 0], vhosts.Select(static v => v.GetProperty("messages").GetInt32()));
            Assert.Equal(
                4, Find(await api.GetAsync($"/api/queues/%2F/{queue}"), "message_stats.publish").GetInt32());
        }

        static (int In, int Out) Published(JsonElement exchange) => (
            Find(exchange, "message_stats.publish_in").GetInt32(),
            Find(exchange, "message_stats.publish_out").GetInt32());
    }

    [Fact]
    public async Task Declared_queues_are_counted_whether_they_were_there_or_not()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var name = TestBroker.Name("q");
        client.DeclareQueue(1, name);
        client.DeclareQueue(1, name);
        var churn = (await api.GetAsync("/api/overview")).GetProperty("churn_rates");
        Assert.Equal((2, 1), (
            churn.GetProperty("queue_declared").GetInt32(), churn.GetProperty("queue_created").GetInt32()));
    }

    [Fact]
    public void A_rate_is_that_of_the_last_seconds()
    {
        var nowMs = 100_000L;
        var rates = new RateBase<object>("first", static sample => sample, nowMs);
        Assert.Equal(("first", TimeSpan.FromSeconds(3)), rates.Look("second", nowMs += 3_000));
        Assert.Equal(("first", TimeSpan.FromSeconds(4)), rates.Look("third", nowMs += 1_000));
        Assert.Equal(("second", TimeSpan.FromSeconds(6)), rates.Look("fourth", nowMs += 5_000));
        Assert.Equal(("second", TimeSpan.FromSeconds(7)), rates.Look("fifth", nowMs += 1_000));
        Assert.Equal(("fourth", TimeSpan.FromSeconds(5)), rates.Look("sixth", nowMs + 4_000));
    }

    [Fact]
    public void Samples_reach_back_a_day_in_bounded_memory()
    {
        var samples = new History.Samples(2, History.Samples.Day);
        const long Begin = 1_700_000_000_000;
        const long Step = History.Samples.StepMs;
        const long End = Begin + (2 * 86_400_000);
        for (var nowMs = Begin; nowMs <= End; nowMs += Step)
            samples.Add(nowMs, [(nowMs - Begin) / 1000, 7]);
        Assert.Equal(1, samples.Rate(0, ((End - Begin) / 1000) + 1, End + 1000), 6);
        foreach (var (stepMs, most) in ((long, long)[])[(5_000, 5_000), (30_000, 30_000), (600_000, 600_000)])
        {
            var read = samples.Read(0, End, stepMs, 120);
            for (var i = 0; i < read.Count; i++)
            {
                Assert.Equal(End - (stepMs * i), read[i].TimestampMs);
                Assert.InRange(((read[i].TimestampMs - Begin) / 1000) - read[i].Value, 0, most / 1000);
            }
        }
        // In between it is as if it went straight on.
        Assert.Equal((End - Begin - 7_000) / 1000, samples.Read(0, End - 7_000, Step, 1)[0].Value);
        Assert.Equal(7, samples.Read(1, End, Step, 1)[0].Value);
        Assert.Equal(0, samples.Read(0, Begin, Step, 1)[0].Value);
    }

    [Fact]
    public void So_many_objects_are_sampled_those_looked_at_first_until_they_are_gone()
    {
        var watched = new History.WatchedObjects(new BrokerOptions { SampledObjectsMax = 3 });
        var taken = new List<object>();
        var gone = new HashSet<object>();
        watched.Find = () => ((object[])["a", "b", "c", "d"]).Select(what => (what, Taking(what)));
        watched.Sample(1_000);
        Assert.Equal(["a", "b", "c"], Taken());

        // Who looks at another takes the place of one that nobody looked at.
        watched.Of("a", Taking("a"), [0], 2_000);
        watched.Of("b", Taking("b"), [0], 3_000);
        watched.Of("d", Taking("d"), [0], 4_000);
        watched.Sample(6_000);
        Assert.Equal(["a", "b", "d"], Taken());
        watched.Of("x", Taking("x"), [0], 7_000);
        watched.Sample(11_000);
        Assert.Equal(["b", "d", "x"], Taken());

        gone.UnionWith(["b", "x"]);
        watched.Sample(16_000);
        Assert.Equal(["a", "c", "d"], Taken());
        Assert.Equal(3, watched.Count);

        Func<long[]?> Taking(object what) => () =>
        {
            if (gone.Contains(what))
                return null;
            taken.Add(what);
            return [taken.Count];
        };

        List<object> Taken()
        {
            var all = taken.Order().Distinct().ToList();
            taken.Clear();
            return all;
        }
    }

    [Fact]
    public void Little_is_taken_for_what_does_not_live_long()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var samples = new History.Samples(20, History.Samples.Day);
        samples.Add(1_000, new long[20]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000);
        for (var nowMs = 6_000L; nowMs < 3_600_000; nowMs += History.Samples.StepMs)
            samples.Add(nowMs, new long[20]);
        Assert.Equal(1_000, samples.SinceMs);
    }

    private static JsonElement Find(JsonElement json, string path) =>
        path.Split('.').Aggregate(json, static (at, part) => at.GetProperty(part));
}
