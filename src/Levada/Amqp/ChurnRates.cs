namespace Levada.Amqp;

/// <summary>How many come and go in a second, over the last five to ten.</summary>
public readonly record struct ChurnRates(
    double ConnectionsOpened, double ConnectionsClosed, double ChannelsOpened, double ChannelsClosed);
