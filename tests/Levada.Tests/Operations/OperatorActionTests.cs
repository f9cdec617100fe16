using System.Net;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;
using static Levada.Tests.Operations.OperatorApi;

namespace Levada.Tests.Operations;

/// <summary>What operators do to connections, channels and consumers, over HTTP (rules E5, E7).</summary>
public sealed class OperatorActionTests : IAsyncLifetime
{
    private OperatorApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await StartAsync(o => o.AuditHistoryMax = 5);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [LevadaTheory]
    [InlineData(null, "CONNECTION_FORCED - Closed via management plugin")]
    [InlineData("because", "CONNECTION_FORCED - because")]
    public async Task E5_a_connection_is_closed_with_320_and_the_reason(string? reason, string text)
    {
        using var bystander = RawConnection.OpenWithChannel(_api.Broker);
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        await _api.DoAsync(HttpMethod.Delete, PathOf(connection), reason: reason);
        Assert.Equal(text, connection.ExpectConnectionError(320, "CONNECTION_FORCED", 0).ReplyText);
        var closed = (await _api.ListAsync("/api/connections/closed"))[0];
        Assert.Equal("operator", closed.GetProperty("closed_by").GetString());
        Assert.Equal(text, closed.GetProperty("reply_text").GetString());
        bystander.CloseChannel(1);
        Assert.Equal(HttpStatusCode.NotFound, await _api.SendAsync(HttpMethod.Delete, PathOf(connection)));
    }

    [LevadaFact]
    public async Task E5_all_connections_of_a_user_are_closed_and_no_others()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var one = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        using var two = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        using var other = RawConnection.OpenWithChannel(_api.Broker);
        await _api.DoAsync(HttpMethod.Delete, $"/api/connections/username/{user.Name}", reason: "moved");
        one.ExpectConnectionError(320, "CONNECTION_FORCED - moved", 0);
        two.ExpectConnectionError(320, "CONNECTION_FORCED - moved", 0);
        other.CloseChannel(1);
        Assert.Equal(("close_user_connections", "done", "2 connections"), await _api.LastAuditAsync());
    }

    [LevadaFact]
    public async Task E7_a_channel_is_closed_and_its_connection_goes_on()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.Fill(queue, "one");
        connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "one");
        await _api.DoAsync(HttpMethod.Delete, PathOf(connection, 1), reason: "leaks");
        var close = connection.ExpectChannelClose(1, 406, "PRECONDITION_FAILED - leaks", 0);
        connection.Send(1, new ChannelCloseOk());
        Assert.True(connection.Get(2, queue).Redelivered);
        connection.OpenChannel(1);
        var closed = Assert.Single(await _api.ListAsync("/api/channels/closed"));
        Assert.Equal("operator", closed.GetProperty("closed_by").GetString());
        Assert.Equal(close.ReplyText, closed.GetProperty("reply_text").GetString());
        Assert.Equal(HttpStatusCode.NotFound, await _api.SendAsync(HttpMethod.Delete, PathOf(connection, 9)));
    }

    [LevadaFact]
    public async Task A_consumer_is_cancelled_and_keeps_what_it_has()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "one");
        var tag = connection.Consume(1, queue);
        var delivered = connection.ExpectDeliver(1);
        await _api.DoAsync(HttpMethod.Delete, PathOf(connection, 1, tag));
        var cancel = connection.Expect<BasicCancel>(1);
        Assert.Equal((tag, true), (cancel.ConsumerTag, cancel.NoWait));
        connection.Fill(queue, "two");
        connection.Send(1, new BasicAck(delivered.DeliveryTag));
        Assert.Equal("two", connection.Get(1, queue).Text);
        Assert.Equal(HttpStatusCode.NotFound, await _api.SendAsync(HttpMethod.Delete, PathOf(connection, 1, tag)));
    }

    [LevadaFact]
    public async Task A_consumer_whose_client_would_not_hear_of_it_is_not_cancelled()
    {
        using var connection = RawConnection.OpenWithChannel(
            _api.Broker, new Login { ClientProperties = Login.Properties("basic.nack") });
        var queue = connection.NewQueue(1);
        var tag = connection.Consume(1, queue);
        Assert.Equal(HttpStatusCode.Conflict, await _api.SendAsync(HttpMethod.Delete, PathOf(connection, 1, tag)));
        connection.Publish(1, "", queue, "one");
        connection.ExpectDeliveries(1, "one");
        Assert.Equal("refused", (await _api.LastAuditAsync()).Outcome);
    }

    [LevadaFact]
    public async Task What_a_channel_has_unacknowledged_goes_back_and_late_acks_are_no_error()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "one", "two", "three");
        connection.Get(1, queue);
        var second = connection.Get(1, queue);
        await _api.DoAsync(HttpMethod.Post, $"{PathOf(connection, 1)}/requeue");
        Assert.Equal(("requeue_unacknowledged", "done", "2 messages"), await _api.LastAuditAsync());
        Assert.Equal(3u, connection.Count(1, queue));
        connection.Send(1, new BasicAck(second.DeliveryTag));
        connection.Send(1, new BasicAck(second.DeliveryTag, Multiple: true));
        Assert.Equal(3u, connection.Count(1, queue));
        var again = connection.Get(1, queue);
        Assert.Equal(("one", true), (again.Text, again.Redelivered));
        connection.Send(1, new BasicAck(again.DeliveryTag + 1));
        connection.ExpectChannelClose(1, 406, "PRECONDITION_FAILED - unknown delivery tag", MethodId.BasicAck);
    }

    [LevadaFact]
    public async Task The_prefetch_of_a_live_consumer_is_raised_and_lowered()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "1", "2", "3", "4");
        connection.Qos(1, 1);
        var tag = connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "1");
        Assert.Equal(3u, connection.Count(1, queue));
        await _api.DoAsync(HttpMethod.Put, PathOf(connection, 1, tag), """{"prefetch_count":3}""");
        connection.ExpectDeliveries(1, "2", "3");
        await _api.DoAsync(HttpMethod.Put, PathOf(connection, 1), """{"prefetch":1}""");
        connection.Send(1, new BasicAck(2, Multiple: true));
        Assert.Equal(1u, connection.Count(1, queue));
        connection.Send(1, new BasicAck(3));
        connection.ExpectDeliveries(1, "4");
        var shown = await _api.GetAsync(PathOf(connection, 1));
        Assert.Equal(1, shown.GetProperty("prefetch_count").GetInt32());
        Assert.Equal(
            1, shown.GetProperty("consumer_details")[0].GetProperty("prefetch_count").GetInt32());
    }

    [LevadaFact]
    public async Task The_prefetch_of_a_whole_channel_is_changed()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "1", "2", "3");
        connection.Qos(1, 1, global: true);
        connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "1");
        Assert.Equal(2u, connection.Count(1, queue));
        await _api.DoAsync(HttpMethod.Put, PathOf(connection, 1), """{"global_prefetch_count":2}""");
        connection.ExpectDeliveries(1, "2");
        Assert.Equal(1u, connection.Count(1, queue));
        foreach (var wrong in (string[])["", "[]", "{}", """{"prefetch":70000}""", """{"prefetch":-1}"""])
        {
            Assert.Equal(
                HttpStatusCode.BadRequest, await _api.SendAsync(HttpMethod.Put, PathOf(connection, 1), wrong));
        }
    }

    [LevadaFact]
    public async Task A_paused_channel_gets_nothing_until_it_is_resumed()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue);
        await _api.DoAsync(HttpMethod.Put, $"{PathOf(connection, 1)}/pause");
        await _api.DoAsync(HttpMethod.Put, $"{PathOf(connection, 1)}/pause");
        Assert.Equal("already_so", (await _api.LastAuditAsync()).Outcome);
        Assert.Equal("paused", (await _api.GetAsync(PathOf(connection, 1))).GetProperty("state").GetString());
        Assert.Contains("levada_channels_by_state{state=\"paused\"} 1\n", await _api.MetricsAsync());
        connection.Fill(queue, "one");
        // The client's own flow neither ends it nor is ended with it.
        connection.Send(1, new ChannelFlow(false));
        connection.Expect<ChannelFlowOk>(1);
        connection.Send(1, new ChannelFlow(true));
        connection.Expect<ChannelFlowOk>(1);
        Assert.Equal(1u, connection.Count(1, queue));
        await _api.DoAsync(HttpMethod.Put, $"{PathOf(connection, 1)}/resume");
        connection.ExpectDeliveries(1, "one");
    }

    [LevadaFact]
    public async Task A_user_may_do_it_to_its_own_connections_only()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*", "management");
        var monitor = TestUser.Create(_api.Broker, ".*", ".*", ".*", "monitoring");
        using var own = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        using var other = RawConnection.OpenWithChannel(_api.Broker);
        _api.User = user.Name;
        Assert.Equal(HttpStatusCode.Unauthorized, await _api.SendAsync(HttpMethod.Delete, PathOf(other)));
        Assert.Equal(
            HttpStatusCode.Forbidden, await _api.SendAsync(HttpMethod.Delete, "/api/connections/username/guest"));
        Assert.Equal(HttpStatusCode.Forbidden, await _api.SendAsync(HttpMethod.Post, "/api/drain"));
        await _api.DoAsync(HttpMethod.Delete, PathOf(own, 1));
        own.ExpectChannelClose(1, 406, "PRECONDITION_FAILED", 0);
        _api.User = monitor.Name;
        Assert.Equal(HttpStatusCode.Forbidden, await _api.SendAsync(HttpMethod.Delete, PathOf(other)));
        Assert.Equal(("close_connection", "denied", ""), await _api.LastAuditAsync());
        other.CloseChannel(1);
    }

    [LevadaFact]
    public async Task What_a_page_of_another_site_has_a_browser_send_is_refused()
    {
        var admin = TestUser.Create(_api.Broker, ".*", ".*", ".*", "administrator");
        _api.User = admin.Name;
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await _api.SendAsync(HttpMethod.Post, "/api/drain", origin: "https://elsewhere.example"));
        Assert.False(_api.Broker.Broker.Drain.IsOn);
    }

    [LevadaFact]
    public async Task Each_is_logged_listed_and_counted()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        await _api.DoAsync(HttpMethod.Put, $"{PathOf(connection, 1)}/pause", reason: "why not");
        await _api.Broker.Log.WaitForAsync(
            "operator 'guest' from 127.0.0.1:", $"PauseChannel of channel 1 of connection {connection.Name}",
            "reason 'why not': Done");
        var entry = Assert.Single(await _api.ListAsync("/api/audit"));
        Assert.Equal("guest", entry.GetProperty("user").GetString());
        Assert.StartsWith("127.0.0.1:", entry.GetProperty("from").GetString());
        Assert.Contains(connection.Name, entry.GetProperty("target").GetString());
        Assert.Equal("why not", entry.GetProperty("reason").GetString());
        for (var i = 0; i < 7; i++)
            await _api.DoAsync(HttpMethod.Put, $"{PathOf(connection, 1)}/resume");
        Assert.All(
            await _api.ListAsync("/api/audit"),
            e => Assert.Equal("resume_channel", e.GetProperty("action").GetString()));
        var metrics = await _api.MetricsAsync();
        Assert.Contains("levada_operator_actions_total{action=\"pause_channel\",outcome=\"done\"} 1\n", metrics);
        Assert.Contains("levada_operator_actions_total{action=\"resume_channel\",outcome=\"done\"} 1\n", metrics);
        Assert.Contains("levada_operator_actions_total{action=\"resume_channel\",outcome=\"already_so\"} 6\n", metrics);
        Assert.Contains("levada_limit_used{key=\"audit_history_max\"} 5\n", metrics);
        Assert.Contains("levada_limit{key=\"audit_history_max\"} 5\n", metrics);
    }
}
