using System.Net;
using Levada.Protocol;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Events;

/// <summary>What is done over HTTP is told with the name of who did it.</summary>
public sealed class OperatorEventTests
{
    private const string Operator = "user_who_performed_action";

    [Fact]
    public async Task Whatever_is_changed_over_http_has_the_operators_name()
    {
        await using var api = await StartAsync();
        using var observer = Observe(api);
        foreach (var (method, path, body, key) in ((HttpMethod, string, string?, string)[])
        [
            (HttpMethod.Put, "/api/users/bob", """{"password":"x","tags":""}""", "user.created"),
            (HttpMethod.Put, "/api/vhosts/v", "{}", "vhost.created"),
            (HttpMethod.Put, "/api/permissions/%2F/bob", """{"configure":"","write":"","read":""}""",
                "permission.created"),
            (HttpMethod.Delete, "/api/permissions/%2F/bob", null, "permission.deleted"),
            (HttpMethod.Put, "/api/topic-permissions/%2F/bob", """{"exchange":"amq.topic","write":"w","read":"r"}""",
                "topic.permission.created"),
            (HttpMethod.Delete, "/api/topic-permissions/%2F/bob", null, "topic.permission.deleted"),
            (HttpMethod.Put, "/api/policies/%2F/p", """{"pattern":"^x","definition":{"max-length":1}}""",
                "policy.set"),
            (HttpMethod.Delete, "/api/policies/%2F/p", null, "policy.cleared"),
            (HttpMethod.Put, "/api/operator-policies/%2F/o", """{"pattern":"^x","definition":{"max-length":1}}""",
                "policy.set"),
            (HttpMethod.Delete, "/api/operator-policies/%2F/o", null, "operator.policy.cleared"),
            (HttpMethod.Put, "/api/vhost-limits/v/max-queues", """{"value":5}""", "vhost.limits.set"),
            (HttpMethod.Delete, "/api/vhost-limits/v/max-queues", null, "vhost.limits.cleared"),
            (HttpMethod.Put, "/api/user-limits/bob/max-channels", """{"value":5}""", "user.limits.set"),
            (HttpMethod.Delete, "/api/user-limits/bob/max-channels", null, "user.limits.cleared"),
            (HttpMethod.Put, "/api/parameters/shovel/%2F/s", """{"value":{"a":1}}""", "parameter.set"),
            (HttpMethod.Delete, "/api/parameters/shovel/%2F/s", null, "parameter.cleared"),
            (HttpMethod.Put, "/api/exchanges/%2F/x", """{"type":"direct"}""", "exchange.created"),
            (HttpMethod.Put, "/api/queues/%2F/q", "{}", "queue.created"),
            (HttpMethod.Delete, "/api/queues/%2F/q", null, "queue.deleted"),
            (HttpMethod.Delete, "/api/exchanges/%2F/x", null, "exchange.deleted"),
            (HttpMethod.Delete, "/api/users/bob", null, "user.deleted"),
            (HttpMethod.Delete, "/api/vhosts/v", null, "vhost.deleted"),
        ])
        {
            var status = await api.SendAsync(method, path, body);
            Assert.True(status is HttpStatusCode.Created or HttpStatusCode.NoContent, $"{method} {path}: {status}");
            Assert.Equal((key, "guest"), (key, Text(UntilOne(observer, key), Operator)));
        }
    }

    [Fact]
    public async Task Policies_and_parameters_say_what_they_are()
    {
        await using var api = await StartAsync();
        using var observer = Observe(api);
        await api.SendAsync(
            HttpMethod.Put, "/api/policies/%2F/p",
            """{"pattern":"^x","definition":{"max-length":7},"priority":3,"apply-to":"queues"}""");
        var set = UntilOne(observer, "policy.set");
        Assert.Equal(("p", "/", "^x", "queues"), (Text(set, "name"), Text(set, "vhost"), Text(set, "pattern"),
            Text(set, "apply-to")));
        Assert.True(set.TryGet("priority", out var priority));
        Assert.Equal(3, priority.AsLong);
        await api.SendAsync(HttpMethod.Put, "/api/parameters/shovel/%2F/s", """{"value":{"a":1}}""");
        var parameter = UntilOne(observer, "parameter.set");
        Assert.Equal(("shovel", "s", "/"), (Text(parameter, "component"), Text(parameter, "name"),
            Text(parameter, "vhost")));
        await api.SendAsync(
            HttpMethod.Put, "/api/topic-permissions/%2F/guest",
            """{"exchange":"amq.topic","write":"^w","read":"^r"}""");
        var topic = UntilOne(observer, "topic.permission.created");
        Assert.Equal(("guest", "/", "amq.topic", "^w", "^r"), (Text(topic, "user"), Text(topic, "vhost"),
            Text(topic, "exchange"), Text(topic, "write"), Text(topic, "read")));
    }

    private static Task<OperatorApi> StartAsync() =>
        OperatorApi.StartAsync(static options => options.EventExchange = true);

    private static RawConnection Observe(OperatorApi api)
    {
        var observer = RawConnection.OpenWithChannel(api.Broker);
        var queue = observer.NewQueue(1);
        observer.Bind(1, queue, "amq.rabbitmq.event", "#");
        observer.Send(1, new BasicConsume(queue, "events", NoAck: true));
        observer.Expect<BasicConsumeOk>(1);
        return observer;
    }

    // What goes with it, such as the permissions of who makes a virtual host, comes before or behind.
    private static FieldTable UntilOne(RawConnection observer, string key)
    {
        while (true)
        {
            var message = observer.ExpectDeliver(1);
            if (message.RoutingKey == key)
                return message.Properties.Headers!;
        }
    }

    private static string Text(FieldTable headers, string key) =>
        headers.TryGet(key, out var value) ? value.AsString : throw new AmqpExpectationException($"no header {key}");
}
