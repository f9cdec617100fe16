using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Catalog;

/// <summary>A data folder keeps its number of shards, whatever machine or setting it is opened with.</summary>
public sealed class ShardCountTests
{
    [Theory]
    [InlineData(4, 1)]
    [InlineData(1, 4)]
    [InlineData(4, 0)]
    public async Task Messages_are_all_there_with_another_number_of_shards(int made, int opened)
    {
        await using var broker = await TestBroker.StartAsync(o => o.Shards = made);
        string[] queues = [.. Enumerable.Range(0, 12).Select(static n => $"q{n}")];
        using (var client = RawConnection.OpenWithChannel(broker))
        {
            foreach (var queue in queues)
            {
                client.DeclareQueue(1, queue, durable: true);
                client.Fill(queue, new BasicProperties { DeliveryMode = 2 }, "a", "b");
            }
        }
        Assert.Equal(made, broker.Broker.Shards.Count);
        await broker.StopAsync();
        broker.Options.Shards = opened;
        await broker.StartAgainAsync();
        Assert.Equal(made, broker.Broker.Shards.Count);
        using var reader = RawConnection.OpenWithChannel(broker);
        Assert.All(queues, queue => Assert.Equal(2u, reader.Count(1, queue)));
    }
}
