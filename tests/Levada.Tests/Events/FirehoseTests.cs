using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Events;

/// <summary>amq.rabbitmq.trace while a virtual host is traced, as RabbitMQ 3.10 has it.</summary>
public sealed class FirehoseTests
{
    private const string Trace = "amq.rabbitmq.trace";

    [Fact]
    public async Task A_publish_and_a_delivery_are_copied_with_all_there_is_to_say()
    {
        await using var broker = await StartAsync();
        using var app = RawConnection.OpenWithChannel(broker);
        using var observer = Observer(broker, out var copies);
        var queue = app.NewQueue(1);
        app.Bind(1, queue, "amq.direct", "k.1");
        var properties = new BasicProperties
        {
            ContentType = "text/plain", DeliveryMode = 2, Priority = 3, Timestamp = 1_700_000_000, AppId = "a",
            Headers = new FieldTable().Add("CC", FieldValue.Array(FieldValue.String("k.2"))),
        };
        app.Publish(1, "amq.direct", "k.1", "hello", properties);
        app.Send(1, new BasicGet(queue, NoAck: true));
        app.ExpectGetOk(1);

        var published = observer.ExpectDeliver(1);
        Assert.Equal(
            (Trace, "publish.amq.direct", "hello"), (published.Exchange, published.RoutingKey, published.Text));
        Assert.Null(published.Properties.DeliveryMode);
        var headers = published.Properties.Headers!;
        Assert.Equal(
            [
                "exchange_name", "routing_keys", "properties", "node", "vhost", "connection", "channel", "user",
                "routed_queues",
            ],
            headers.Select(static field => field.Key));
        Assert.Equal(FieldValue.String("amq.direct"), Of(headers, "exchange_name"));
        Assert.Equal(["k.1", "k.2"], Of(headers, "routing_keys").AsArray.Select(static key => key.AsString));
        Assert.Equal(
            new FieldTable().Add("app_id", "a").Add("timestamp", 1_700_000_000).Add("priority", 3)
                .Add("delivery_mode", 2).Add("headers", properties.Headers).Add("content_type", "text/plain"),
            Of(headers, "properties").AsTable);
        Assert.Equal(
            ("/", FieldValue.Int(1), "guest", broker.Broker.NodeName),
            (Of(headers, "vhost").AsString, Of(headers, "channel"), Of(headers, "user").AsString,
                Of(headers, "node").AsString));
        Assert.Contains(Of(headers, "connection").AsString, broker.Broker.Connections.All.Select(static c => c.Name));
        Assert.Equal([queue], Of(headers, "routed_queues").AsArray.Select(static name => name.AsString));

        var delivered = observer.ExpectDeliver(1);
        Assert.Equal(($"deliver.{queue}", "hello"), (delivered.RoutingKey, delivered.Text));
        Assert.Equal(FieldValue.Int(0), Of(delivered.Properties.Headers!, "redelivered"));
        Assert.False(delivered.Properties.Headers!.Contains("routed_queues"));
        Assert.NotEmpty(copies);
    }

    [Fact]
    public async Task It_can_be_turned_on_and_off_while_messages_pass()
    {
        await using var broker = await StartAsync(isOn: false);
        using var app = RawConnection.OpenWithChannel(broker);
        using var observer = Observer(broker, out var copies);
        var queue = app.NewQueue(1);
        app.SelectConfirms(1);
        foreach (var (on, body) in new[] { (false, "a"), (true, "b"), (false, "c"), (true, "d") })
        {
            await TraceAsync(broker, on);
            app.Publish(1, "", queue, body);
            app.Expect<BasicAck>(1);
        }
        Assert.Equal(("publish.", "b"), Next(observer));
        Assert.Equal(("publish.", "d"), Next(observer));
        Assert.Equal("", observer.Drain(1, copies));
    }

    [Fact]
    public async Task Consumers_of_copies_are_not_copied_and_a_redelivery_says_so()
    {
        await using var broker = await StartAsync();
        using var app = RawConnection.OpenWithChannel(broker);
        using var observer = Observer(broker, out _);
        var queue = app.NewQueue(1);
        app.Publish(1, "", queue, "a");
        app.Publish(1, "", "nowhere", "b");
        app.Send(1, new BasicGet(queue));
        app.Send(1, new BasicReject(app.ExpectGetOk(1).DeliveryTag, Requeue: true));
        app.Send(1, new BasicGet(queue, NoAck: true));
        app.ExpectGetOk(1);
        var seen = new List<RawMessage>();
        while (seen.Count < 4)
            seen.Add(observer.ExpectDeliver(1));
        Assert.Equal(
            ["publish.", "publish.", $"deliver.{queue}", $"deliver.{queue}"],
            seen.Select(static m => m.RoutingKey).OrderDescending());
        Assert.Equal([0L, 1L], seen.Where(static m => m.RoutingKey[0] == 'd')
            .Select(static m => Of(m.Properties.Headers!, "redelivered").AsLong));
        Assert.Empty(Of(seen.Single(static m => m.Text == "b").Properties.Headers!, "routed_queues").AsArray);
        // A copy of a copy would come now, before the copy of what is published next.
        app.Publish(1, "", queue, "last");
        Assert.Equal(("publish.", "last"), Next(observer));
    }

    [Fact]
    public async Task A_large_body_is_copied_too()
    {
        await using var broker = await StartAsync();
        using var app = RawConnection.OpenWithChannel(broker);
        using var observer = Observer(broker, out _);
        var large = new string('x', 2 << 20);
        app.Publish(1, "amq.fanout", "", large);
        Assert.Equal(("publish.amq.fanout", large), Next(observer));
    }

    [Fact]
    public async Task What_does_not_fit_the_bound_is_dropped_and_counted_and_nobody_waits()
    {
        await using var broker = await StartAsync(bytesMax: 500);
        using var app = RawConnection.OpenWithChannel(broker);
        using var observer = Observer(broker, out _);
        var queue = app.NewQueue(1);
        app.SelectConfirms(1);
        app.Publish(1, "", queue, new string('x', 600));
        app.ExpectConfirms(1, 1);
        Assert.Equal((0, 1), (broker.Broker.InternalMessages.Published, broker.Broker.InternalMessages.Dropped));
        app.Publish(1, "", queue, "small");
        Assert.Equal(("publish.", "small"), Next(observer));
    }

    [Fact]
    public async Task Very_many_are_all_copied_in_order()
    {
        await using var broker = await StartAsync(bytesMax: 1 << 30);
        using var app = RawConnection.OpenWithChannel(broker);
        using var observer = Observer(broker, out var copies);
        observer.Send(1, new BasicCancel("copies"));
        observer.Expect<BasicCancelOk>(1);
        var queue = app.NewQueue(1);
        const int count = 5_000;
        for (var i = 0; i < count; i++)
            app.Publish(1, "", queue, $"{i}", i % 2 == 0 ? new BasicProperties { DeliveryMode = 2 } : null);
        await broker.UntilAsync(static o => o.MessagesReady == 2 * count);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, count)), observer.Drain(1, copies));
    }

    private static (string Key, string Body) Next(RawConnection observer)
    {
        var message = observer.ExpectDeliver(1);
        return (message.RoutingKey, message.Text);
    }

    private static FieldValue Of(FieldTable headers, string key) =>
        headers.TryGet(key, out var value) ? value : throw new AmqpExpectationException($"no header {key}");

    private static async Task<TestBroker> StartAsync(bool isOn = true, long bytesMax = 16 << 20)
    {
        var broker = await TestBroker.StartAsync(options => options.InternalPublishMax = bytesMax);
        if (isOn)
            await TraceAsync(broker, isOn: true);
        return broker;
    }

    private static async Task TraceAsync(TestBroker broker, bool isOn)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Catalog.PutVHost("/", old => old with { IsTracing = isOn }, done: _ => done.SetResult());
        await done.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    // A connection of its own that consumes all copies.
    private static RawConnection Observer(TestBroker broker, out string queue)
    {
        var observer = RawConnection.OpenWithChannel(broker);
        queue = observer.NewQueue(1);
        observer.Bind(1, queue, Trace, "#");
        observer.Send(1, new BasicConsume(queue, "copies", NoAck: true));
        observer.Expect<BasicConsumeOk>(1);
        return observer;
    }
}
