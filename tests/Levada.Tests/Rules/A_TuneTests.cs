using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules A12 to A15: the limits that both sides agree on.</summary>
public sealed class A_TuneTests(BrokerFixture fixture)
{
    [Fact]
    public void A12_tune_proposes_2047_131072_60()
    {
        using var connection = RawConnection.Open(fixture.Broker);
        Assert.Equal(new ConnectionTune(2047, 131_072, 60), connection.Tune);
    }

    [LevadaFact]
    public async Task A12_tune_proposes_what_is_configured()
    {
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.ChannelMax = 7;
            o.FrameMax = 8192;
            o.Heartbeat = 0;
        });
        using var connection = RawConnection.Open(broker, new Login(ChannelMax: 7, FrameMax: 8192));
        Assert.Equal(new ConnectionTune(7, 8192, 0), connection.Tune);
    }

    [LevadaTheory]
    [InlineData(0, 131_072, "negotiated channel_max = 0 (no limit) is higher than the maximum allowed value (2047)")]
    [InlineData(2048, 131_072, "negotiated channel_max = 2048 is higher than the maximum allowed value (2047)")]
    [InlineData(1, 0, "negotiated frame_max = 0 (no limit) is higher than the maximum allowed value (131072)")]
    [InlineData(1, 131_073, "negotiated frame_max = 131073 is higher than the maximum allowed value (131072)")]
    [InlineData(1, 4095, "negotiated frame_max = 4095 is lower than the minimum allowed value (4096)")]
    [InlineData(1, 1, "negotiated frame_max = 1 is lower than the minimum allowed value (4096)")]
    public async Task A13_tune_ok_out_of_range_is_530(ushort channelMax, uint frameMax, string text)
    {
        using var connection = RawConnection.Connect(fixture.Broker);
        connection.Handshake(new Login(ChannelMax: channelMax, FrameMax: frameMax));
        connection.ExpectConnectionError(530, $"NOT_ALLOWED - {text}", MethodId.ConnectionTuneOk);
        await fixture.Broker.Log.WaitForAsync("failed to negotiate connection parameters: " + text);
    }

    [Theory]
    [InlineData(2047, 131_072)]
    [InlineData(1, 4096)]
    public void A13_the_ends_of_the_range_are_taken(ushort channelMax, uint frameMax)
    {
        using var connection = RawConnection.OpenWithChannel(
            fixture.Broker, new Login(ChannelMax: channelMax, FrameMax: frameMax));
        connection.Close();
    }

    [LevadaFact]
    public async Task A14_no_limits_on_the_server_leave_them_to_the_client()
    {
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.ChannelMax = 0;
            o.FrameMax = 0;
        });
        using var unlimited = RawConnection.Open(broker, new Login(ChannelMax: 0, FrameMax: 0));
        Assert.Equal((0, 0u), (unlimited.Tune.ChannelMax, unlimited.Tune.FrameMax));
        unlimited.OpenChannel(65_535);
        unlimited.Send(65_535, new QueueDeclare("big"));
        unlimited.Expect<QueueDeclareOk>(65_535);
        unlimited.Publish(65_535, "", "big", new byte[1_000_000]); // one body frame
        unlimited.Send(65_535, new BasicGet("big", NoAck: true));
        var message = unlimited.ExpectGetOk(65_535);
        Assert.Equal((1_000_000, 1), (message.Body.Length, message.BodyFrames));

        using var limited = RawConnection.Open(broker, new Login(ChannelMax: 1, FrameMax: 4096));
        limited.OpenChannel(1);
        limited.Send(2, new ChannelOpen());
        limited.ExpectConnectionError(
            530, "NOT_ALLOWED - number of channels opened (1) has reached the negotiated channel_max (1)",
            MethodId.ChannelOpen);
    }

    [Fact]
    public void A15_the_clients_heartbeat_counts_even_above_the_proposal()
    {
        using var connection = RawConnection.Open(fixture.Broker, new Login(Heartbeat: 600));
        connection.OpenChannel(1);
        connection.Close();
    }
}
