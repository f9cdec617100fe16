using System.Diagnostics;
using System.Net;
using Levada.Operations;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;
using static Levada.Tests.Operations.OperatorApi;

namespace Levada.Tests.Operations;

/// <summary>Taking a node out of service: nobody in, nothing delivered, settles taken, then 320.</summary>
public sealed class DrainTests
{
    private const string Text = "CONNECTION_FORCED - Node was put into maintenance mode";

    [LevadaFact]
    public async Task It_waits_for_the_settles_and_closes_when_all_is_quiet()
    {
        await using var api = await StartAsync(o => o.DrainQuietTime = TimeSpan.FromMilliseconds(200));
        using var connection = RawConnection.OpenWithChannel(api.Broker);
        var queue = connection.NewSharedQueue(1);
        connection.Fill(queue, "one", "two");
        connection.Qos(1, 1);
        var tag = connection.Consume(1, queue);
        var delivered = connection.ExpectDeliver(1);
        await api.DoAsync(HttpMethod.Post, "/api/drain?timeout=60000");
        Assert.Equal(tag, connection.Expect<BasicCancel>(1).ConsumerTag);
        var drain = await api.GetAsync("/api/drain");
        Assert.Equal("draining", drain.GetProperty("state").GetString());
        Assert.Equal(1, drain.GetProperty("messages_unacknowledged").GetInt32());
        Assert.NotEqual("in_service", (await api.GetAsync("/api/drain")).GetProperty("state").GetString());
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            await api.SendAsync(HttpMethod.Get, "/api/health/checks/is-in-service"));
        Assert.Contains("levada_drained 1\n", await api.MetricsAsync());
        await ExpectRefusedAsync(api);
        // Longer than it must be quiet: what is unsettled keeps it open.
        await Task.Delay(TimeSpan.FromMilliseconds(600), TestContext.Current.CancellationToken);
        Assert.Equal(1u, connection.Count(1, queue));
        var since = Stopwatch.StartNew();
        connection.Send(1, new BasicAck(delivered.DeliveryTag));
        connection.ExpectConnectionError(320, Text, 0);
        Assert.InRange(since.Elapsed, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(15));
        Assert.Equal("drained", (await api.GetAsync("/api/drain")).GetProperty("state").GetString());
        await ExpectRefusedAsync(api);
        await api.DoAsync(HttpMethod.Post, "/api/revive");
        using var again = RawConnection.OpenWithChannel(api.Broker);
        Assert.Equal(["two"], D_ChannelCloseTests.TakeAll(again, 1, queue));
        again.Delete(1, queue);
    }

    [LevadaFact]
    public async Task It_closes_at_the_deadline_who_does_not_settle()
    {
        await using var api = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(api.Broker);
        var queue = connection.NewSharedQueue(1);
        connection.Fill(queue, "one");
        connection.Get(1, queue);
        var since = Stopwatch.StartNew();
        await api.DoAsync(HttpMethod.Post, "/api/drain?timeout=500", reason: "kernel update");
        connection.ExpectConnectionError(320, "CONNECTION_FORCED - kernel update", 0);
        Assert.InRange(since.Elapsed, TimeSpan.FromMilliseconds(450), TimeSpan.FromSeconds(15));
        await api.Broker.Log.WaitForAsync("drained, the time is over: 1 connections are closed, which have 1 messages");
        await api.DoAsync(HttpMethod.Post, "/api/revive");
        using var again = RawConnection.OpenWithChannel(api.Broker);
        Assert.True(again.Get(1, queue).Redelivered);
    }

    [LevadaFact]
    public async Task Revived_it_delivers_again_to_consumers_that_could_not_be_cancelled()
    {
        await using var api = await StartAsync();
        using var old = RawConnection.OpenWithChannel(
            api.Broker, new Login { ClientProperties = Login.Properties("basic.nack") });
        using var modern = RawConnection.OpenWithChannel(api.Broker);
        var queue = old.NewQueue(1);
        old.Fill(queue, "zero");
        old.Consume(1, queue);
        old.ExpectDeliveries(1, "zero"); // stays unsettled: the drain does not end meanwhile
        await api.DoAsync(HttpMethod.Post, "/api/drain");
        await api.DoAsync(HttpMethod.Post, "/api/drain");
        Assert.Equal("already_so", (await api.LastAuditAsync()).Outcome);
        // What consumes only now gets nothing either, on a new channel or an old one.
        modern.OpenChannel(2);
        var other = modern.NewQueue(2);
        modern.Consume(2, other);
        modern.Fill(other, "two");
        old.Fill(queue, "one");
        Assert.Equal(1u, old.Count(1, queue));
        Assert.Equal(1u, modern.Count(2, other));
        await api.DoAsync(HttpMethod.Post, "/api/revive");
        old.ExpectDeliveries(1, "one");
        modern.ExpectDeliveries(2, "two");
        Assert.Equal(HttpStatusCode.OK, await api.SendAsync(HttpMethod.Get, "/api/health/checks/is-in-service"));
        using var next = RawConnection.OpenWithChannel(api.Broker);
    }

    [LevadaFact]
    public async Task A_publisher_goes_on_until_it_pauses()
    {
        await using var api = await StartAsync(o => o.DrainQuietTime = TimeSpan.FromSeconds(2));
        using var connection = RawConnection.OpenWithChannel(api.Broker);
        var queue = connection.NewSharedQueue(1);
        connection.SelectConfirms(1);
        await api.DoAsync(HttpMethod.Post, "/api/drain?timeout=60000");
        // Longer than it must be quiet, without a pause.
        var published = 0u;
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(3);)
        {
            connection.Publish(1, "", queue, "x");
            connection.ExpectConfirms(1, 1, ++published);
        }
        connection.ExpectConnectionError(320, Text, 0);
        await api.DoAsync(HttpMethod.Post, "/api/revive");
        using var again = RawConnection.OpenWithChannel(api.Broker);
        Assert.Equal(published, again.Count(1, queue));
    }

    [LevadaFact]
    public async Task The_broker_stops_while_it_is_drained()
    {
        await using var api = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(api.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "one");
        connection.Get(1, queue);
        await api.DoAsync(HttpMethod.Post, "/api/drain");
        var stopped = api.Broker.Broker.StopAsync(TestContext.Current.CancellationToken);
        connection.ExpectConnectionError(
            320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", 0);
        await stopped.WaitAsync(RawConnection.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(DrainPhase.Draining, api.Broker.Broker.Drain.TakeSnapshot().Phase);
    }

    [LevadaFact]
    public async Task Drain_and_revive_in_quick_succession_leave_it_in_service()
    {
        await using var api = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(
            api.Broker, new Login { ClientProperties = Login.Properties("basic.nack") });
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "zero");
        connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "zero");
        await Parallel.ForAsync(0, 100, TestContext.Current.CancellationToken, async (i, _) =>
            await api.DoAsync(HttpMethod.Post, i % 2 == 0 ? "/api/drain" : "/api/revive"));
        await api.DoAsync(HttpMethod.Post, "/api/revive");
        connection.Publish(1, "", queue, "one");
        connection.ExpectDeliveries(1, "one");
    }

    private static async Task ExpectRefusedAsync(OperatorApi api)
    {
        using var late = RawConnection.Connect(api.Broker);
        late.Handshake(new Login());
        late.Send(0, new ConnectionOpen("/"));
        late.ExpectConnectionError(320, Text, MethodId.ConnectionOpen);
        await api.Broker.UntilAsync(static o => o.Connections <= 1);
    }
}
