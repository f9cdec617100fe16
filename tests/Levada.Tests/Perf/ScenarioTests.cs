using Levada.Cli.Perf;
using Xunit;

namespace Levada.Tests.Perf;

/// <summary>The churn and count scenarios against a broker of their own, which counts what they did.</summary>
public sealed class ScenarioTests
{
    [LevadaFact]
    public async Task Publish_churn_publishes_once_a_connection_and_closes_each()
    {
        await using var broker = await TestBroker.StartAsync();
        Run(broker, "publish-churn -C 20 -j");
        // All but the one that declared the queue.
        await broker.UntilAsync(o => o.Messages.Confirmed >= 20
            && o.Churn.ConnectionsOpened == o.Messages.Confirmed + 1
            && o.Churn.ConnectionsClosed == o.Churn.ConnectionsOpened && o.Queues == 0);
    }

    [LevadaFact]
    public async Task Connection_count_opens_every_channel_and_closes_them()
    {
        await using var broker = await TestBroker.StartAsync(options => options.ChannelMax = 0);
        Run(broker, "connection-count -x 1 -c 65535 --heartbeat 1 -z 0.1");
        await broker.UntilAsync(o =>
            (o.Churn.ConnectionsClosed, o.Churn.ChannelsOpened, o.Churn.ChannelsClosed) == (1, 65_535, 65_535));
    }

    [LevadaFact]
    public async Task Busy_channels_go_round_on_each_channel()
    {
        await using var broker = await TestBroker.StartAsync();
        Run(broker, "busy-channels -x 3 -c 5 -z 0.3 -j");
        await broker.UntilAsync(o => o.Churn.ChannelsOpened == 15 && o.Churn.ConnectionsClosed == 3
            && o.Messages.Published >= 15 && o.Queues == 0);
    }

    private static void Run(TestBroker broker, string line)
    {
        string[] arguments = [.. line.Split(' '), "--uri", $"amqp://guest:guest@{broker.Address}:{broker.Port}"];
        Assert.Equal(0, PerfCommand.Create().Parse(arguments).Invoke());
    }
}
