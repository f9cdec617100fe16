using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Crash;

/// <summary>SIGKILL while messages expire and go on to another queue, of other shards too.</summary>
public sealed class DeadLetterKillTests
{
    private const int Sources = 4;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Nothing_confirmed_is_lost_between_two_queues() => ForwardingRounds.RunAsync(
        DeclareAsync, PublishAsync,
        static message => Assert.True(message.BasicProperties.Headers!.ContainsKey("x-death")));

    private static async Task DeclareAsync(IChannel channel)
    {
        for (var i = 0; i < Sources; i++)
        {
            await channel.QueueDeclareAsync($"source-{i}", true, false, false, new Dictionary<string, object?>
            {
                ["x-message-ttl"] = 20, ["x-dead-letter-exchange"] = "",
                ["x-dead-letter-routing-key"] = ForwardingRounds.Target,
            }, cancellationToken: Cancelled);
        }
    }

    private static ValueTask PublishAsync(IChannel channel, int number, byte[] body) => channel.BasicPublishAsync(
        "", $"source-{number % Sources}", mandatory: false, new BasicProperties { Persistent = true }, body,
        Cancelled);
}
