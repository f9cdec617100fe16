using Levada.Tests.Rules;
using Levada.Warnings;
using Xunit;

namespace Levada.Tests.Warnings;

/// <summary>channel_leak and idle_channels, and the clients that must not be warned of.</summary>
public sealed class ChannelLeakTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [LevadaFact]
    public async Task A_connection_that_leaves_channels_open_is_warned_of_until_it_closes_them()
    {
        await using var broker = await WatchedBroker.StartAsync();
        using var leaking = broker.Open("leaky");
        using var pool = broker.Open("pool");
        for (ushort n = 2; n <= 50; n++) pool.OpenChannel(n);
        ushort opened = 1;
        broker.Pass(25 * Minute, i =>
        {
            Use(pool, i);
            if (i % 6 == 0) Leak(leaking, ++opened);
        });
        var warning = broker.Single(WarningName.ChannelLeak);
        Assert.Equal((leaking.Name, "leaky", "guest", "/", "raw test client"),
            (warning.Connection, warning.ClientName, warning.User, warning.VHost, warning.Product));
        Assert.Equal(opened, warning.Figures["channels"]);
        Assert.InRange(warning.Figures["channels_gained"], 10, 20);
        Assert.InRange(warning.Figures["channels_left_over"], opened / 2, opened);
        var line = await broker.Log.WaitForAsync("warning channel_leak: connection", leaking.Name);
        Assert.StartsWith("Warning", line, StringComparison.Ordinal);
        Assert.Contains("Close a channel when its work is done", line, StringComparison.Ordinal);

        // It goes on leaking: one warning, which keeps its beginning.
        broker.Pass(5 * Minute, i =>
        {
            Use(pool, i);
            if (i % 6 == 0) Leak(leaking, ++opened);
        });
        Assert.Equal(warning.Since, broker.Single(WarningName.ChannelLeak).Since);
        Assert.Single(broker.Log.Lines, l => l.Contains("warning channel_leak", StringComparison.Ordinal));

        for (ushort n = 2; n <= opened; n++) leaking.CloseChannel(n);
        broker.Pass(WatchedBroker.Step, i => Use(pool, i));
        Assert.Empty(broker.Warnings);
        await broker.Log.WaitForAsync("Information: warning over: channel_leak: connection", leaking.Name);
    }

    [LevadaFact]
    public async Task A_leak_just_found_does_not_come_and_go_with_each_old_channel_that_is_used()
    {
        await using var broker = await WatchedBroker.StartAsync();
        using var leaking = broker.Open("leaky");
        ushort opened = 1;
        for (var i = 0; broker.Warnings.Count == 0 && i < 1000; i++)
        {
            if (i % 6 == 0) Leak(leaking, ++opened);
            broker.Pass(WatchedBroker.Step);
        }
        var warning = broker.Single(WarningName.ChannelLeak);
        UseOnce(leaking, 2);
        UseOnce(leaking, 3);
        broker.Pass(WatchedBroker.Step);
        Assert.Equal(warning.Since, broker.Single(WarningName.ChannelLeak).Since);
    }

    [LevadaFact]
    public async Task A_leak_that_ends_is_forgotten_and_a_slow_one_is_found()
    {
        await using var broker = await WatchedBroker.StartAsync();
        using var slow = broker.Open();
        ushort opened = 1;
        while (opened < 20) Leak(slow, ++opened);
        // One channel in ten minutes: over ten minutes there is no trend, over an hour there is.
        broker.Pass(3 * 60 * Minute, Minute, i =>
        {
            if (i % 10 == 0) Leak(slow, ++opened);
        });
        Assert.Equal(3600, broker.Single(WarningName.ChannelLeak).Figures["gained_in_seconds"]);
        broker.Pass(3 * 60 * Minute, Minute);
        Assert.Empty(broker.Warnings);
    }

    [LevadaFact]
    public async Task Growth_that_ends_growth_in_use_and_channels_that_come_and_go_are_no_leak()
    {
        await using var broker = await WatchedBroker.StartAsync();
        using var lazy = broker.Open("a pool that fills up as it is used");
        using var busy = broker.Open("more channels all the time, all in use");
        using var swings = broker.Open("a channel for each request");
        using var consumers = broker.Open("more consumers all the time, nothing to consume");
        var queue = consumers.NewSharedQueue(1);
        ushort lazyOpened = 1;
        ushort busyOpened = 1;
        ushort swinging = 1;
        var dice = new Random(7);
        broker.Pass(60 * Minute, i =>
        {
            if (i % 6 == 0 && lazyOpened < 30) Leak(lazy, ++lazyOpened);
            if (i % 6 == 0)
            {
                busy.OpenChannel(++busyOpened);
                consumers.OpenChannel(busyOpened);
                consumers.Consume(busyOpened, queue);
            }
            for (ushort n = 1; n <= busyOpened && i % 10 == 0; n++) busy.Publish(n, "", "nowhere", "x");
            var wanted = dice.Next(20, 60);
            while (swinging < wanted) Leak(swings, ++swinging);
            while (swinging > wanted) swings.CloseChannel(swinging--);
            busy.Count(1, queue);
            Assert.DoesNotContain(broker.Warnings, w => w.Name == WarningName.ChannelLeak && w.Connection != lazy.Name);
        });
        // It was full 15 minutes after it was begun, and nobody knows better.
        Assert.Empty(broker.Warnings);
    }

    [LevadaFact]
    public async Task Channels_never_used_are_warned_of_and_used_ones_and_consumers_are_not()
    {
        await using var broker = await WatchedBroker.StartAsync();
        using var idle = broker.Open("idle");
        using var used = broker.Open("used once");
        using var waiting = broker.Open("consumers without work");
        using var few = broker.Open("a few");
        var queue = waiting.NewQueue(1);
        for (ushort n = 2; n <= 25; n++)
        {
            idle.OpenChannel(n);
            idle.SelectConfirms(n); // as pools do at once, which is no use yet
            Leak(used, n);
            waiting.OpenChannel(n);
            waiting.Consume(n, queue);
            if (n < 20) few.OpenChannel(n);
        }
        used.Publish(1, "", "nowhere", "x");
        used.Count(1, used.NewQueue(1));
        broker.Pass(9 * Minute);
        Assert.Empty(broker.Warnings);
        broker.Pass(2 * Minute);
        var warning = broker.Single(WarningName.IdleChannels);
        Assert.Equal(idle.Name, warning.Connection);
        Assert.Equal((25, 25), (warning.Figures["channels"], warning.Figures["channels_unused"]));
        Assert.InRange(warning.Figures["unused_seconds"], 600, 700);
        Assert.Contains("(numbers 1, 2, 3, 4, 5, ...)", warning.What, StringComparison.Ordinal);

        // Six of them are used at last: the rest are too few.
        for (ushort n = 2; n <= 7; n++)
        {
            idle.Publish(n, "", "nowhere", "x");
            idle.ExpectConfirms(n, 1);
        }
        broker.Pass(WatchedBroker.Step);
        Assert.Empty(broker.Warnings);
        await broker.Log.WaitForAsync("warning over: idle_channels", idle.Name);
    }

    [LevadaFact]
    public async Task A_time_of_zero_turns_a_warning_off()
    {
        await using var broker = await WatchedBroker.StartAsync(o =>
            o.IdleChannelsTime = o.ChannelLeakTime = TimeSpan.Zero);
        using var idle = broker.Open();
        for (ushort n = 2; n <= 100; n++) idle.OpenChannel(n);
        broker.Pass(20 * Minute, i => idle.OpenChannel((ushort)(101 + i)));
        Assert.Empty(broker.Warnings);
    }

    // A channel that is used once, as most leaked ones are.
    private static void Leak(RawConnection connection, ushort channel)
    {
        connection.OpenChannel(channel);
        UseOnce(connection, channel);
    }

    // One channel after the other, all within a few minutes.
    private static void Use(RawConnection connection, int round) =>
        UseOnce(connection, (ushort)((round % 50) + 1));

    // When this returns, the broker has seen the use: the next look is at a settled state.
    private static void UseOnce(RawConnection connection, ushort channel)
    {
        connection.Publish(channel, "", "nowhere", "x");
        connection.Qos(channel, 0);
    }
}
