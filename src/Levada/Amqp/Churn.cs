namespace Levada.Amqp;

/// <summary>What came and what went.</summary>
/// <param name="ConnectionsOpened">Counted at connection.open-ok (rule L7).</param>
/// <param name="ConnectionsClosed">Counted when all that they held is put back.</param>
/// <param name="ChannelsOpened">Since the start.</param>
/// <param name="ChannelsClosed">Since the start.</param>
/// <param name="ConsumersOpened">basic.consume, refused ones too.</param>
/// <param name="ConsumersClosed">However they ended.</param>
/// <param name="QueuesCreated">Not those that were there already.</param>
/// <param name="QueuesDeleted">Counted for who created them, as long as that is remembered.</param>
public readonly record struct Churn(
    long ConnectionsOpened, long ConnectionsClosed, long ChannelsOpened, long ChannelsClosed,
    long ConsumersOpened = 0, long ConsumersClosed = 0, long QueuesCreated = 0, long QueuesDeleted = 0)
{
    public long Connections => ConnectionsOpened - ConnectionsClosed;

    public long Channels => ChannelsOpened - ChannelsClosed;

    public static Churn operator +(Churn a, Churn b) => new(
        a.ConnectionsOpened + b.ConnectionsOpened, a.ConnectionsClosed + b.ConnectionsClosed,
        a.ChannelsOpened + b.ChannelsOpened, a.ChannelsClosed + b.ChannelsClosed,
        a.ConsumersOpened + b.ConsumersOpened, a.ConsumersClosed + b.ConsumersClosed,
        a.QueuesCreated + b.QueuesCreated, a.QueuesDeleted + b.QueuesDeleted);
}
