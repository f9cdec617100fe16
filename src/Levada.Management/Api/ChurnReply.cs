using Levada.Amqp;

namespace Levada.Management.Api;

/// <summary>What a node, virtual host, user, product, name or address has open, and how fast it changes.</summary>
internal sealed record ChurnReply
{
    /// <summary>What <see cref="Name"/> names: node, vhost, user, product, connection_name or address.</summary>
    public required string Kind { get; init; }

    /// <summary>Empty for those that were forgotten for want of room, together.</summary>
    public required string Name { get; init; }

    public required long Connections { get; init; }

    public required long Channels { get; init; }

    public required long ConnectionsOpened { get; init; }

    public required RateReply ConnectionsOpenedDetails { get; init; }

    public required long ConnectionsClosed { get; init; }

    public required RateReply ConnectionsClosedDetails { get; init; }

    public required long ChannelsOpened { get; init; }

    public required RateReply ChannelsOpenedDetails { get; init; }

    public required long ChannelsClosed { get; init; }

    public required RateReply ChannelsClosedDetails { get; init; }

    public required long ConsumersOpened { get; init; }

    public required long ConsumersClosed { get; init; }

    public required long QueuesCreated { get; init; }

    public required long QueuesDeleted { get; init; }

    public static ChurnReply Of(UsageSnapshot usage) => new()
    {
        Kind = usage.Kind switch
        {
            UsageKind.VHost => "vhost",
            UsageKind.ConnectionName => "connection_name",
            _ => usage.Kind.ToString().ToLowerInvariant(),
        },
        Name = usage.Name,
        Connections = usage.Total.Connections,
        Channels = usage.Total.Channels,
        ConnectionsOpened = usage.Total.ConnectionsOpened,
        ConnectionsOpenedDetails = Rate(usage.Rates.ConnectionsOpened),
        ConnectionsClosed = usage.Total.ConnectionsClosed,
        ConnectionsClosedDetails = Rate(usage.Rates.ConnectionsClosed),
        ChannelsOpened = usage.Total.ChannelsOpened,
        ChannelsOpenedDetails = Rate(usage.Rates.ChannelsOpened),
        ChannelsClosed = usage.Total.ChannelsClosed,
        ChannelsClosedDetails = Rate(usage.Rates.ChannelsClosed),
        ConsumersOpened = usage.Total.ConsumersOpened,
        ConsumersClosed = usage.Total.ConsumersClosed,
        QueuesCreated = usage.Total.QueuesCreated,
        QueuesDeleted = usage.Total.QueuesDeleted,
    };

    private static RateReply Rate(double rate) => new(Math.Round(rate, 2));
}
