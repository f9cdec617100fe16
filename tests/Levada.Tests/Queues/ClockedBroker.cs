using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>
/// A broker by a clock that the test moves, and RabbitMQ's .NET client on it. A foreign broker has the time of day:
/// there the test waits, and what looks inside Levada looks at nothing.
/// </summary>
internal sealed class ClockedBroker : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly CreateChannelOptions Confirming =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    // What a foreign broker may be late, and what its timers are rounded to.
    private const int ForeignSlackMs = 250;

    private IConnection _connection = null!;

    public ManualTime Time { get; } = new();

    public TestBroker Test { get; private set; } = null!;

    /// <summary>A channel with confirms: a publish has been applied when it returns.</summary>
    public IChannel Channel { get; private set; } = null!;

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<ClockedBroker> StartAsync(Action<BrokerOptions>? configure = null)
    {
        var broker = new ClockedBroker();
        broker.Test = await TestBroker.StartAsync(configure, broker.Time);
        await broker.ConnectAsync();
        return broker;
    }

    /// <summary>So much time goes by, and what is due then happens.</summary>
    public async Task PassAsync(int ms)
    {
        if (TestBroker.IsForeign)
            await Task.Delay(ms + ForeignSlackMs, Cancelled);
        else
            Time.Advance(ms);
    }

    /// <summary>Waits for Levada's figures to be so.</summary>
    public Task UntilAsync(Predicate<BrokerOverview> wanted) =>
        TestBroker.IsForeign ? Task.CompletedTask : Test.UntilAsync(wanted);

    /// <summary>Waits until so many messages are ready in a queue.</summary>
    public async Task UntilCountAsync(string queue, uint wanted)
    {
        for (var deadline = DateTime.UtcNow + Patience; await CountAsync(queue) is var count && count != wanted;)
        {
            Assert.True(DateTime.UtcNow < deadline, $"{count} messages in {queue} and not {wanted}");
            await Task.Delay(10, Cancelled);
        }
    }

    public async Task<IChannel> NewChannelAsync() => await _connection.CreateChannelAsync(Confirming, Cancelled);

    /// <summary>A stop in order and a start with the same data, by the same clock.</summary>
    public async Task RestartAsync(int afterMs)
    {
        await _connection.DisposeAsync();
        await Test.StopAsync();
        Time.Advance(afterMs);
        await Test.StartAgainAsync();
        await ConnectAsync();
    }

    public async Task<string> DeclareAsync(
        string? name = null, bool durable = false, params (string Name, object? Value)[] arguments)
    {
        var ok = await Channel.QueueDeclareAsync(
            name ?? TestBroker.Name("queue"), durable, exclusive: false, autoDelete: false,
            arguments.ToDictionary(static a => a.Name, static a => a.Value), cancellationToken: Cancelled);
        return ok.QueueName;
    }

    public ValueTask PublishAsync(string queue, string body, string? expiration = null, bool persistent = false) =>
        PublishToAsync("", queue, body, new BasicProperties { Expiration = expiration, Persistent = persistent });

    public ValueTask PublishToAsync(string exchange, string key, string body, BasicProperties? properties = null) =>
        Channel.BasicPublishAsync(
            exchange, key, mandatory: false, properties ?? new BasicProperties(), Encoding.UTF8.GetBytes(body),
            Cancelled);

    public Task<uint> CountAsync(string queue) => Channel.MessageCountAsync(queue, Cancelled);

    /// <summary>The next message, acknowledged; null if there is none.</summary>
    public async Task<BasicGetResult?> GetAsync(string queue, bool autoAck = true) =>
        await Channel.BasicGetAsync(queue, autoAck, Cancelled);

    /// <summary>The bodies of all messages that are ready.</summary>
    public async Task<string> DrainAsync(string queue)
    {
        var bodies = new List<string>();
        while (await GetAsync(queue) is { } message)
            bodies.Add(Encoding.UTF8.GetString(message.Body.Span));
        return string.Join(' ', bodies);
    }

    /// <summary>A consumer without prefetch that acknowledges by itself; what it gets goes to the list.</summary>
    public async Task<string> ConsumeAsync(string queue, System.Collections.Concurrent.BlockingCollection<string> to)
    {
        var consumer = new AsyncEventingBasicConsumer(Channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            to.Add(Encoding.UTF8.GetString(message.Body.Span));
            return Task.CompletedTask;
        };
        return await Channel.BasicConsumeAsync(queue, autoAck: true, consumer, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await Test.DisposeAsync();
    }

    private async Task ConnectAsync()
    {
        var factory = new ConnectionFactory
        {
            Uri = new Uri(Test.Uri), AutomaticRecoveryEnabled = false, RequestedHeartbeat = TimeSpan.Zero,
        };
        _connection = await factory.CreateConnectionAsync(Cancelled);
        Channel = await NewChannelAsync();
    }
}
