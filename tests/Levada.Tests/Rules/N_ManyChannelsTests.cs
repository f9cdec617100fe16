using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>
/// Cases N12 and N13: as many channels as there are numbers, and channels that come and go. Runs alone: it counts
/// memory.
/// </summary>
[Collection(nameof(Alone))]
public sealed class N_ManyChannelsTests
{
    private const int All = 65_535;

    [LevadaFact]
    public async Task N12_every_channel_number_of_a_connection_opens_and_closes_and_the_memory_comes_back()
    {
        await using var broker = await TestBroker.StartAsync(o => o.ChannelMax = 0);
        using var connection = RawConnection.Open(broker, new Login(ChannelMax: 0));
        ForEach(connection, c => connection.Send(c, new ChannelOpen()), c => connection.Expect<ChannelOpenOk>(c));
        ForEach(connection, Close, c => connection.Expect<ChannelCloseOk>(c));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        ForEach(connection, c => connection.Send(c, new ChannelOpen()), c => connection.Expect<ChannelOpenOk>(c));
        Assert.Equal(All, broker.Broker.GetOverview().Channels);
        var perChannel = (GC.GetTotalMemory(forceFullCollection: true) - before) / All;
        Assert.InRange(perChannel, 0, 2048);
        foreach (var channel in (ushort[])[1, 30_000, All]) C_FrameTests.RoundTrip(connection, channel, "works");
        connection.Send(7, new ChannelOpen());
        var close = connection.Expect<ConnectionClose>(0); // all numbers are in use
        Assert.Equal(504, close.ReplyCode);
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();
        await broker.UntilAsync(o => o is { Channels: 0, Connections: 0 });
        connection.Dispose();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 << 20);

        void Close(ushort channel) => connection.Send(channel, new ChannelClose(200, "", 0, 0));
    }

    [LevadaFact]
    public async Task N13_a_hundred_thousand_channels_come_and_go_and_the_counters_are_exact()
    {
        const int Rounds = 100, Channels = 1000;
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.Open(broker);
        var memory = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            connection.InOneWrite(() =>
            {
                for (ushort channel = 1; channel <= Channels; channel++)
                {
                    connection.Send(channel, new ChannelOpen());
                    connection.Send(channel, new ChannelClose(200, "", 0, 0));
                }
            });
            for (ushort channel = 1; channel <= Channels; channel++)
            {
                connection.Expect<ChannelOpenOk>(channel);
                connection.Expect<ChannelCloseOk>(channel);
            }
            if (round == Rounds / 2) memory = GC.GetTotalMemory(forceFullCollection: true);
        }
        var overview = broker.Broker.GetOverview();
        Assert.Equal(0, overview.Channels);
        Assert.Equal(Rounds * Channels, overview.Churn.ChannelsOpened);
        Assert.Equal(Rounds * Channels, overview.Churn.ChannelsClosed);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 2 << 20);
    }

    // In pieces, so that neither side waits for the other with full buffers.
    private static void ForEach(RawConnection connection, Action<ushort> send, Action<ushort> expect)
    {
        const int Piece = 5000;
        for (var first = 1; first <= All; first += Piece)
        {
            var last = Math.Min(All, first + Piece - 1);
            connection.InOneWrite(() =>
            {
                for (var channel = first; channel <= last; channel++) send((ushort)channel);
            });
            for (var channel = first; channel <= last; channel++) expect((ushort)channel);
        }
    }
}
