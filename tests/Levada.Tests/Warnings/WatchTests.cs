using Levada.Amqp;
using Levada.Warnings;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Warnings;

/// <summary>How the looks go about it: bounded at a time, and nothing is left out or seen twice.</summary>
public sealed class WatchTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [LevadaFact]
    public async Task A_look_takes_many_ticks_and_sees_each_channel_once_wherever_its_number_is()
    {
        const int Channels = 1_500;
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        using var other = RawConnection.OpenWithChannel(broker);
        for (var n = 1; n < Channels; n++) connection.OpenChannel((ushort)(n * 43));
        var time = new MovedTime();
        var options = new WarningOptions { Interval = Interval, IdleChannelsTime = Interval };
        var board = new WarningBoard(new WarningOptions { Max = 10 }, NullLogger.Instance, time);
        var watch = new WarningWatch(broker.Broker.Connections, options, board, time, stepsPerTick: 100);
        time.Advance(Interval);
        // The first look, and no other before it is time.
        Assert.Equal(50, TicksUntil(board, watch, b => b.Current.Count > 0, most: 50));
        time.Advance(Interval);
        var ticks = TicksUntil(board, watch, b => b.Current.Count > 0, most: 50);
        Assert.InRange(ticks, 2, 10);
        var warning = Assert.Single(board.Current);
        Assert.Equal((Channels, Channels),
            (warning.Figures["channels"], warning.Figures["channels_unused"]));
        Assert.Equal(connection.Name, warning.Connection);
    }

    [Fact]
    public void Names_that_come_late_are_told_apart_as_soon_as_there_is_room()
    {
        var table = new UsageTable(UsageKind.ConnectionName, keep: 20, rate: 0, grows: false);
        for (var n = 0; n < 20; n++) table.Get($"app-{n}", 0).Total += new Churn(1, 0, 0, 0);
        for (var n = 0; n < 20; n++) Assert.Same(table.Others, table.Get($"late-{n}", 0));
        foreach (var usage in table.All) usage.Total += new Churn(0, 1, 0, 0);
        // At once would be a sweep for each that comes.
        Assert.Contains(Enumerable.Range(0, 3), n => table.Get($"late-{n}", 0) != table.Others);
        Assert.Equal(20, table.Others.Total.ConnectionsOpened);
    }

    // How many ticks it took; all of them if it never came to be so.
    private static int TicksUntil(WarningBoard board, WarningWatch watch, Predicate<WarningBoard> wanted, int most)
    {
        var ticks = 0;
        for (; ticks < most && !wanted(board); ticks++) watch.Tick();
        return ticks;
    }
}
