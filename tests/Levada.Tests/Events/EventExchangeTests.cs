using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Events;

/// <summary>amq.rabbitmq.event, by the keys, headers and types that RabbitMQ 3.10's plugin has.</summary>
public sealed class EventExchangeTests
{
    private const string Exchange = "amq.rabbitmq.event";

    [Fact]
    public async Task Everything_that_a_client_does_is_told_in_order()
    {
        await using var broker = await TestBroker.StartAsync(static options => options.EventExchange = true);
        using var observer = RawConnection.OpenWithChannel(broker);
        Consume(observer);
        using (var app = RawConnection.OpenWithChannel(broker))
        {
            app.DeclareExchange(1, "x", "topic", durable: true);
            app.Send(1, new QueueDeclare("q", Durable: true, Arguments: new FieldTable().Add("x-max-length", 100)));
            app.Expect<QueueDeclareOk>(1);
            app.Bind(1, "q", "x", "k.#", new FieldTable().Add("a", "b"));
            app.Send(1, new BasicConsume("q", "tag", NoAck: true));
            app.Expect<BasicConsumeOk>(1);
            app.Send(1, new BasicCancel("tag"));
            app.Expect<BasicCancelOk>(1);
            app.Send(1, new QueueDelete("q"));
            app.Expect<QueueDeleteOk>(1);
            app.Send(1, new ExchangeDelete("x"));
            app.Expect<ExchangeDeleteOk>(1);
            app.CloseChannel(1);
        }

        Assert.Equal(
            "ssl:bool auth_mechanism protocol peer_port:long peer_host connection_name host name connection_type "
            + "timestamp_in_ms:long",
            Shape(Expect(observer, "user.authentication.success")));
        var created = Expect(observer, "connection.created");
        Assert.StartsWith(
            "user_who_performed_action node connected_at:long client_properties:array channel_max:long "
            + "frame_max:long timeout:long vhost user protocol auth_mechanism ssl:bool peer_host host peer_port:long "
            + "port:long name pid type", Shape(created), StringComparison.Ordinal);
        Assert.Equal(
            ("guest", "/", "{127,0,0,1}"), (Text(created, "user"), Text(created, "vhost"), Text(created, "host")));
        var name = Text(created, "name");
        var channel = Expect(observer, "channel.created");
        Assert.Equal(
            "user_who_performed_action vhost user number:long connection name pid timestamp_in_ms:long",
            Shape(channel));
        Assert.Equal(($"{name} (1)", name), (Text(channel, "name"), Text(channel, "connection")));
        var exchange = Expect(observer, "exchange.created");
        Assert.Equal(
            "user_who_performed_action policy arguments:array internal:bool auto_delete:bool durable:bool type name "
            + "vhost timestamp_in_ms:long", Shape(exchange));
        Assert.Equal(("guest", "topic", "x"), (Text(exchange, "user_who_performed_action"), Text(exchange, "type"),
            Text(exchange, "name")));
        var queue = Expect(observer, "queue.created");
        Assert.Equal(
            "user_who_performed_action exclusive:bool owner_pid arguments:array auto_delete:bool durable:bool name "
            + "vhost timestamp_in_ms:long", Shape(queue));
        Assert.True(queue.TryGet("arguments", out var arguments));
        Assert.Equal("{<<\"x-max-length\">>,signedint,100}", Assert.Single(arguments.AsArray).AsString);
        Assert.Equal("guest", Text(queue, "user_who_performed_action"));
        var binding = Expect(observer, "binding.created");
        Assert.Equal(
            "user_who_performed_action vhost arguments:array routing_key destination_kind destination_name "
            + "source_kind source_name timestamp_in_ms:long", Shape(binding));
        Assert.Equal(("k.#", "queue", "q", "x"), (Text(binding, "routing_key"), Text(binding, "destination_kind"),
            Text(binding, "destination_name"), Text(binding, "source_name")));
        Assert.Equal(
            "user_who_performed_action arguments:array prefetch_count:long queue vhost channel ack_required:bool "
            + "exclusive:bool consumer_tag timestamp_in_ms:long", Shape(Expect(observer, "consumer.created")));
        Assert.Equal(
            "user_who_performed_action queue vhost channel consumer_tag timestamp_in_ms:long",
            Shape(Expect(observer, "consumer.deleted")));
        AssertDeleted(observer);
        Assert.Equal("user_who_performed_action pid timestamp_in_ms:long", Shape(Expect(observer, "channel.closed")));
        Assert.Equal(name, Text(Expect(observer, "connection.closed"), "name"));
    }

    [Fact]
    public async Task Accounts_virtual_hosts_and_failed_logins_are_told()
    {
        await using var broker = await TestBroker.StartAsync(static options => options.EventExchange = true);
        using var observer = RawConnection.OpenWithChannel(broker);
        Consume(observer);
        var catalog = broker.Broker.Catalog;
        await DoneAsync(done => catalog.AddVHost("v", VHostLimits.None, _ => done()));
        Assert.Equal("v", Text(Expect(observer, "vhost.created"), "name"));
        await DoneAsync(done => catalog.SetUser(new User("bob"), done));
        var user = Expect(observer, "user.created");
        Assert.Equal(("bob", "rmq-internal"), (Text(user, "name"), Text(user, "user_who_performed_action")));
        await DoneAsync(done => catalog.SetPermissions("bob", "v", new Permissions("c", "w", "r"), _ => done()));
        var granted = Expect(observer, "permission.created");
        Assert.Equal(
            ("bob", "v", "c", "w", "r"),
            (Text(granted, "user"), Text(granted, "vhost"), Text(granted, "configure"), Text(granted, "write"),
                Text(granted, "read")));
        await DoneAsync(done => catalog.SetPermissions("bob", "v", null, _ => done()));
        Assert.Equal("v", Text(Expect(observer, "permission.deleted"), "vhost"));
        await DoneAsync(done => catalog.DeleteUser("bob", done));
        Assert.Equal("bob", Text(Expect(observer, "user.deleted"), "name"));
        await DoneAsync(done => catalog.DeleteVHost("v", _ => done()));
        Assert.Equal("v", Text(Expect(observer, "vhost.deleted"), "name"));
        await broker.RaiseDiskAlarmAsync();
        Assert.Equal("disk", Text(Expect(observer, "alarm.set"), "source"));
        await broker.ClearDiskAlarmAsync();
        Assert.Equal("disk", Text(Expect(observer, "alarm.cleared"), "source"));
    }

    [Fact]
    public async Task They_are_persistent_and_have_a_time_and_survive_a_restart()
    {
        await using var broker = await TestBroker.StartAsync(static options => options.EventExchange = true);
        using (var observer = RawConnection.OpenWithChannel(broker))
        {
            observer.DeclareQueue(1, "events", durable: true);
            observer.Bind(1, "events", Exchange, "queue.*");
            observer.DeclareQueue(1, "other", durable: true);
            await broker.UntilAsync(static o => o.MessagesReady == 1);
        }
        await broker.StopAsync();
        await broker.StartAgainAsync();
        using var again = RawConnection.OpenWithChannel(broker);
        again.Send(1, new BasicGet("events", NoAck: true));
        var message = again.ExpectGetOk(1);
        Assert.Equal(("queue.created", (byte)2), (message.RoutingKey, message.Properties.DeliveryMode));
        Assert.Equal("other", Text(message.Properties.Headers!, "name"));
        Assert.True(message.Properties.Headers!.TryGet("timestamp_in_ms", out var at));
        Assert.Equal((long)message.Properties.Timestamp!, at.AsLong / 1000);
        again.DeclareQueue(1, "third");
        await broker.UntilAsync(static o => o.MessagesReady == 1);
    }

    [Fact]
    public async Task Without_the_setting_there_is_none()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.Send(1, new ExchangeDeclare(Exchange, "topic", Passive: true));
        connection.ExpectChannelError(1, 404, $"no exchange '{Exchange}' in vhost '/'", MethodId.ExchangeDeclare);
    }

    private static void AssertDeleted(RawConnection observer)
    {
        var queue = default(FieldTable);
        for (var i = 0; i < 2; i++)
        {
            var (key, headers) = Next(observer);
            Assert.Contains(key, (string[])["binding.deleted", "queue.deleted"]);
            queue = key == "queue.deleted" ? headers : queue;
        }
        Assert.Equal("user_who_performed_action name vhost timestamp_in_ms:long", Shape(queue!));
        Assert.Equal(("q", "guest"), (Text(queue!, "name"), Text(queue!, "user_who_performed_action")));
        Assert.Equal("x", Text(Expect(observer, "exchange.deleted"), "name"));
    }

    // Texts by their names alone, anything else with its type.
    private static string Shape(FieldTable headers) => string.Join(' ', headers.Select(static field =>
        field.Value.Type == FieldType.LongString ? field.Key : $"{field.Key}:{field.Value.TypeName}"));

    private static string Text(FieldTable headers, string key) =>
        headers.TryGet(key, out var value) ? value.AsString : throw new AmqpExpectationException($"no header {key}");

    private static FieldTable Expect(RawConnection observer, string key)
    {
        var (next, headers) = Next(observer);
        Assert.Equal(key, next);
        return headers;
    }

    private static (string Key, FieldTable Headers) Next(RawConnection observer)
    {
        var message = observer.ExpectDeliver(1);
        return (message.RoutingKey, message.Properties.Headers!);
    }

    private static void Consume(RawConnection observer)
    {
        var queue = observer.NewQueue(1);
        observer.Bind(1, queue, Exchange, "#");
        observer.Send(1, new BasicConsume(queue, "events", NoAck: true));
        observer.Expect<BasicConsumeOk>(1);
        // Of its own doings: the binding is told, or not, as it was made; the consumer is.
        while (Next(observer).Key != "consumer.created")
        {
        }
    }

    private static async Task DoneAsync(Action<Action> change)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        change(done.SetResult);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
