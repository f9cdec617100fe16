using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Host;

public sealed partial class TraceApiTests
{
    [LevadaFact]
    public async Task Old_entries_make_room_and_are_counted()
    {
        using var connection = RawConnection.OpenWithChannel(_broker);
        await StartAsync(connection.Name, $$"""{"bytes":{{BrokerOptions.TraceBytesMin}}}""");
        const int Count = 3000;
        for (var i = 1; i <= Count; i++)
            connection.Publish(1, "", $"key-{i}", "x");
        connection.CloseChannel(1);
        var trace = await GetAsync(connection.Name, "?limit=10000");
        var (dropped, newest) = (trace.GetProperty("dropped").GetInt32(), trace.GetProperty("newest").GetInt32());
        Assert.Equal(Count + 2, newest);
        Assert.InRange(dropped, 1, Count);
        Assert.Equal(newest, trace.GetProperty("last").GetInt32());
        var entries = trace.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(dropped + 1, Count + 2 - dropped),
            entries.Select(e => e.GetProperty("sequence").GetInt32()));
        Assert.Equal($"key-{dropped + 1}", Text(entries[0].GetProperty("arguments"), "routing_key"));
        // Without `since` the newest, with it the next ones.
        var few = await GetAsync(connection.Name, "?limit=2");
        Assert.Equal(newest - 1, few.GetProperty("entries")[0].GetProperty("sequence").GetInt32());
        few = await GetAsync(connection.Name, $"?limit=2&since={newest - 5}");
        Assert.Equal(newest - 4, few.GetProperty("entries")[0].GetProperty("sequence").GetInt32());
        Assert.Equal(newest - 3, few.GetProperty("last").GetInt32());
        Assert.Equal(0, (await GetAsync(connection.Name, $"?since={newest}")).GetProperty("entries").GetArrayLength());
        var metrics = await _http.GetStringAsync("/metrics", Stop);
        Assert.Contains($"levada_limit_refused_total{{key=\"trace_bytes\"}} {dropped}\n", metrics);
        Assert.Contains("levada_limit_used{key=\"trace_max\"} 1\n", metrics);
        Assert.Contains("levada_traces_recording 1\n", metrics);
        Assert.Contains($"levada_trace_bytes {BrokerOptions.TraceBytesMin}\n", metrics);
    }

    [LevadaFact]
    public async Task It_stops_by_itself_and_stays_readable_for_a_while()
    {
        using var connection = RawConnection.OpenWithChannel(_broker);
        await StartAsync(connection.Name, """{"seconds":0.3}""");
        var end = (await UntilEndedAsync(connection.Name))[^1];
        Assert.Equal("-- end reason=\"its time of 0.3 s is over\"", Text(end, "text"));
        Assert.False(end.TryGetProperty("error", out _));
        connection.CloseChannel(1);
        Assert.Single(await ReadAsync(connection.Name));
        _broker.Options.TraceKeep = TimeSpan.Zero;
        await GoneAsync(connection.Name);
        Assert.Equal(1, _broker.Broker.Limits.TraceTime.Refused);
    }

    [LevadaFact]
    public async Task The_first_delete_stops_it_and_the_second_forgets_it()
    {
        using var connection = RawConnection.OpenWithChannel(_broker);
        await StartAsync(connection.Name);
        Assert.Equal(HttpStatusCode.NoContent, (await _http.DeleteAsync(PathOf(connection.Name), Stop)).StatusCode);
        connection.CloseChannel(1);
        var text = await _http.GetStringAsync(PathOf(connection.Name) + "?format=text", Stop);
        Assert.EndsWith("-- end reason=\"stopped by guest\"\n", text);
        Assert.Single(text.TrimEnd().Split('\n'));
        Assert.Equal(HttpStatusCode.NoContent, (await _http.DeleteAsync(PathOf(connection.Name), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.DeleteAsync(PathOf(connection.Name), Stop)).StatusCode);
    }

    [LevadaFact]
    public async Task No_more_record_than_configured_and_ended_ones_make_room()
    {
        using var connection = RawConnection.Open(_broker);
        for (ushort i = 1; i <= Max + 1; i++)
            connection.OpenChannel(i);
        for (var i = 1; i <= Max; i++)
            await StartAsync($"{connection.Name} ({i})");
        var last = $"{connection.Name} ({Max + 1})";
        var refused = await _http.PutAsync(PathOf(last), null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains($"trace_max ({Max})", await refused.Content.ReadAsStringAsync(Stop));
        Assert.Equal(1, _broker.Broker.Limits.Traces.Refused);
        // Again on the same channel is in the place of the first.
        await StartAsync($"{connection.Name} (1)");
        await _http.DeleteAsync(PathOf($"{connection.Name} (2)"), Stop);
        await StartAsync(last);
        Assert.Null(_broker.Broker.Traces.Find($"{connection.Name} (2)"));
    }

    [LevadaFact]
    public async Task Why_a_connection_was_closed_can_be_read_afterwards()
    {
        using var wrong = RawConnection.OpenWithChannel(_broker);
        using var lost = RawConnection.OpenWithChannel(_broker);
        await StartAsync(wrong.Name);
        await StartAsync(lost.Name);
        var (wrongName, lostName) = (wrong.Name, lost.Name);
        wrong.Send(1, new ChannelOpen());
        wrong.ExpectConnectionError(504, "CHANNEL_ERROR", MethodId.ChannelOpen);
        lost.Reset();
        var entries = await UntilEndedAsync(wrongName);
        Assert.Equal(
            ["channel.open", "connection.close", "connection.close-ok", "end"], entries.Select(e => Text(e, "method")));
        Assert.StartsWith("504 CHANNEL_ERROR - second 'channel.open' seen", Text(entries[1], "error"));
        Assert.EndsWith(", caused by channel.open", Text(entries[1], "error"));
        Assert.StartsWith("the connection was closed by the broker: 504 CHANNEL_ERROR", Text(entries[3], "error"));
        Assert.StartsWith("the connection was lost: ", Text((await UntilEndedAsync(lostName))[^1], "error"));
    }

    [LevadaFact]
    public async Task Traces_come_and_go_while_the_client_publishes_at_full_speed()
    {
        using var connection = RawConnection.OpenWithChannel(_broker);
        var name = connection.Name;
        var queue = connection.DeclareQueue(1, TestBroker.Name("q")).Queue;
        connection.Send(1, new ConfirmSelect());
        connection.Expect<ConfirmSelectOk>(1);
        using var enough = new CancellationTokenSource();
        var publishing = Task.Factory.StartNew(
            () => PublishUntil(connection, queue, enough.Token), Stop, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var seen = 0;
        for (var round = 0; round < 20; round++)
        {
            await StartAsync(name, """{"body_bytes":4}""");
            EntriesOf(await GetAsync(name));
            await _http.DeleteAsync(PathOf(name), Stop);
            var entries = EntriesOf(await GetAsync(name, "?limit=10000"));
            seen += entries.Count(e => Text(e, "method") == "basic.publish");
            Assert.DoesNotContain(
                entries, e => e.TryGetProperty("error", out var error) && error.GetString() is { } text
                    && !text.StartsWith("its content header", StringComparison.Ordinal));
            await _http.DeleteAsync(PathOf(name), Stop);
        }
        await enough.CancelAsync();
        var published = await publishing;
        Assert.True(seen > 0);
        connection.Send(1, new QueueDeclare(queue, Passive: true));
        Assert.Equal(published, (long)connection.Expect<QueueDeclareOk>(1).MessageCount);
    }

    private static List<JsonElement> EntriesOf(JsonElement trace) =>
        [.. trace.GetProperty("entries").EnumerateArray()];

    // A hundred at a time, all confirmed.
    private static long PublishUntil(RawConnection connection, string queue, CancellationToken enough)
    {
        var published = 0L;
        while (!enough.IsCancellationRequested)
        {
            connection.InOneWrite(() =>
            {
                for (var i = 0; i < 100; i++)
                    connection.Publish(1, "", queue, "body");
            });
            published += 100;
            while (connection.Expect<BasicAck>(1).DeliveryTag < (ulong)published)
            {
            }
        }
        return published;
    }

    private async Task GoneAsync(string name)
    {
        for (var deadline = DateTime.UtcNow + RawConnection.Patience; _broker.Broker.Traces.Find(name) is not null;)
        {
            Assert.True(DateTime.UtcNow < deadline, "the trace is not forgotten in time");
            await Task.Delay(20, Stop);
        }
    }
}
