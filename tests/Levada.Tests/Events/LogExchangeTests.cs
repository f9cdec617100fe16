using Levada.Protocol;
using Levada.Tests.Rules;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Levada.Tests.Events;

/// <summary>amq.rabbitmq.log: log lines as messages.</summary>
public sealed class LogExchangeTests
{
    private const string Exchange = "amq.rabbitmq.log";

    [Fact]
    public async Task A_line_comes_with_its_level_as_the_key()
    {
        await using var broker = await TestBroker.StartAsync(static options => options.LogExchange = true);
        using var observer = RawConnection.OpenWithChannel(broker);
        var queue = Consume(observer, "error");
        using var app = RawConnection.OpenWithChannel(broker);
        app.Send(1, new QueueDeclare("no-such", Passive: true));
        app.Expect<ChannelClose>(1);
        var line = observer.ExpectDeliver(1);
        Assert.Equal((Exchange, "error"), (line.Exchange, line.RoutingKey));
        Assert.Equal("text/plain", line.Properties.ContentType);
        Assert.NotNull(line.Properties.Timestamp);
        Assert.True(line.Properties.Headers!.TryGet("node", out var node));
        Assert.Equal(broker.Broker.NodeName, node.AsString);
        Assert.Matches(
            @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\S+ \[error\] channel .*NOT_FOUND - no queue 'no-such'",
            line.Text);
        Assert.NotEmpty(queue);
    }

    [Fact]
    public async Task Only_lines_of_the_level_and_above_are_published_and_none_causes_another()
    {
        await using var broker = await TestBroker.StartAsync(static options =>
        {
            options.LogExchange = true;
            options.LogExchangeLevel = LogLevel.Warning;
            options.InternalPublishMax = 450;
        });
        using var observer = RawConnection.OpenWithChannel(broker);
        Consume(observer, "#");
        // Its name is logged as information, and the error is too large to be published.
        using var app = RawConnection.OpenWithChannel(broker);
        app.Send(1, new QueueDeclare(new string('x', 255), Passive: true));
        app.Expect<ChannelClose>(1);
        app.Send(1, new ChannelCloseOk());
        Assert.True(broker.Broker.InternalMessages is { Published: 0, Dropped: 1 });
        app.OpenChannel(1);
        app.Send(1, new QueueDeclare("short", Passive: true));
        app.Expect<ChannelClose>(1);
        Assert.Contains("'short'", observer.ExpectDeliver(1).Text, StringComparison.Ordinal);
        Assert.True(broker.Broker.InternalMessages is { Published: 1, Dropped: 1 });
    }

    [Fact]
    public async Task It_is_not_there_unless_it_is_asked_for()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.Send(1, new ExchangeDeclare(Exchange, "topic", Passive: true));
        connection.ExpectChannelError(1, 404, $"no exchange '{Exchange}' in vhost '/'", MethodId.ExchangeDeclare);
    }

    private static string Consume(RawConnection observer, string key)
    {
        var queue = observer.NewQueue(1);
        observer.Bind(1, queue, Exchange, key);
        observer.Send(1, new BasicConsume(queue, "log", NoAck: true));
        observer.Expect<BasicConsumeOk>(1);
        return queue;
    }
}
