namespace Levada.Warnings;

/// <summary>The warnings there are. docs/warnings.md has a section for each.</summary>
public static class WarningName
{
    /// <summary>A connection whose channels only become more, most of them left over.</summary>
    public const string ChannelLeak = "channel_leak";

    /// <summary>Channels of a connection that were opened and never used.</summary>
    public const string IdleChannels = "idle_channels";

    /// <summary>Connections are opened and closed too often.</summary>
    public const string ConnectionChurn = "connection_churn";

    public const string ChannelChurn = "channel_churn";

    public const string ConsumerChurn = "consumer_churn";

    public const string QueueChurn = "queue_churn";

    /// <summary>A consumer holds all that it may and settles nothing, or a channel holds ever more.</summary>
    public const string NoAcknowledgements = "no_acknowledgements";

    /// <summary>An alarm blocks a connection that also consumes.</summary>
    public const string BlockedConsumer = "blocked_consumer";

    public static IReadOnlyList<string> All { get; } =
    [
        ChannelLeak, IdleChannels, ConnectionChurn, ChannelChurn, ConsumerChurn, QueueChurn, NoAcknowledgements,
        BlockedConsumer,
    ];
}
