using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Crash;

/// <summary>SIGKILL while messages wait for their time, and while it comes.</summary>
public sealed class DelayedKillTests
{
    private const int Exchanges = 3;
    private const int DelayMaxMs = 400;

    private readonly Random _random = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Nothing_confirmed_is_lost_and_nothing_comes_early() => ForwardingRounds.RunAsync(
        DeclareAsync, PublishAsync,
        static message => Assert.InRange(
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), (long)message.BasicProperties.Headers!["due"]!,
            long.MaxValue));

    private static async Task DeclareAsync(IChannel channel)
    {
        for (var i = 0; i < Exchanges; i++)
        {
            await channel.ExchangeDeclareAsync(
                $"delayed-{i}", "x-delayed-message", true, false,
                new Dictionary<string, object?> { ["x-delayed-type"] = "fanout" }, cancellationToken: Cancelled);
            await channel.QueueBindAsync(ForwardingRounds.Target, $"delayed-{i}", "", cancellationToken: Cancelled);
        }
    }

    private ValueTask PublishAsync(IChannel channel, int number, byte[] body)
    {
        var delayMs = _random.Next(1, DelayMaxMs);
        var dueMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + delayMs;
        var properties = new BasicProperties
        {
            Persistent = true,
            Headers = new Dictionary<string, object?> { ["x-delay"] = delayMs, ["due"] = dueMs },
        };
        return channel.BasicPublishAsync(
            $"delayed-{number % Exchanges}", "", mandatory: false, properties, body, Cancelled);
    }
}
