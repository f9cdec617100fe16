namespace Levada.Warnings;

/// <summary>When a warning is given. A time or a rate of zero means never.</summary>
public sealed class WarningOptions
{
    /// <summary>Between two looks at connections and channels; zero gives no warnings at all.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Warnings of each name that are kept at once.</summary>
    public int Max { get; set; } = 100;

    /// <summary>A connection with fewer channels does not leak.</summary>
    public int ChannelLeakMin { get; set; } = 20;

    /// <summary>
    /// How long channels must have become more, in each quarter of it; the same is looked for over six and thirty-six
    /// times as long. A channel that is idle for as long counts as left over.
    /// </summary>
    public TimeSpan ChannelLeakTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A connection with fewer unused channels is not warned of.</summary>
    public int IdleChannelsMin { get; set; } = 20;

    /// <summary>How long a channel must have been open and unused.</summary>
    public TimeSpan IdleChannelsTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Connections opened and closed in a second by one user, product or connection name.</summary>
    public int ConnectionRate { get; set; } = 10;

    /// <summary>Channels, the same.</summary>
    public int ChannelRate { get; set; } = 100;

    /// <summary>Consumers, the same.</summary>
    public int ConsumerRate { get; set; } = 50;

    /// <summary>Queues created and deleted, the same.</summary>
    public int QueueRate { get; set; } = 10;

    /// <summary>How long such a rate must last.</summary>
    public TimeSpan ChurnTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a consumer may hold all deliveries that it may and settle none.</summary>
    public TimeSpan NoAckTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A channel with fewer unacknowledged deliveries is not warned of for their growth.</summary>
    public int UnackedGrowthMin { get; set; } = 1_000;

    /// <summary>How long they must have become more, as channels that leak, and twice as many in all.</summary>
    public TimeSpan UnackedGrowthTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a connection with consumers must have been blocked by an alarm.</summary>
    public TimeSpan BlockedTime { get; set; } = TimeSpan.FromSeconds(10);
}
