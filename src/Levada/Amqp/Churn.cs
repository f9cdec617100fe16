namespace Levada.Amqp;

/// <summary>What came and what went.</summary>
/// <param name="ConnectionsOpened">Counted at connection.open-ok (rule L7).</param>
/// <param name="ConnectionsClosed">Counted when all that they held is put back.</param>
/// <param name="ChannelsOpened">Since the start.</param>
/// <param name="ChannelsClosed">Since the start.</param>
public readonly record struct Churn(
    long ConnectionsOpened, long ConnectionsClosed, long ChannelsOpened, long ChannelsClosed)
{
    public long Connections => ConnectionsOpened - ConnectionsClosed;

    public long Channels => ChannelsOpened - ChannelsClosed;

    public static Churn operator +(Churn a, Churn b) => new(
        a.ConnectionsOpened + b.ConnectionsOpened, a.ConnectionsClosed + b.ConnectionsClosed,
        a.ChannelsOpened + b.ChannelsOpened, a.ChannelsClosed + b.ChannelsClosed);
}
