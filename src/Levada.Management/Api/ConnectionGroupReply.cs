namespace Levada.Management.Api;

/// <summary>
/// The connections that have something in common: of the first seven keys those that were asked for, the rest sums.
/// </summary>
internal sealed record ConnectionGroupReply
{
    public string? User { get; init; }

    public string? Vhost { get; init; }

    public string? Product { get; init; }

    public string? Platform { get; init; }

    public string? ConnectionName { get; init; }

    public string? PeerHost { get; init; }

    public string? State { get; init; }

    public required int Connections { get; init; }

    public required int Channels { get; init; }

    /// <summary>Of the one connection that has most.</summary>
    public required int ChannelsMost { get; init; }

    public required long ChannelsOpened { get; init; }

    public required int ConsumerCount { get; init; }

    public required long MessagesUnacknowledged { get; init; }

    public required long MessagesUnconfirmed { get; init; }

    public required long MessagesUncommitted { get; init; }

    public required long RecvOct { get; init; }

    public required RateReply RecvOctDetails { get; init; }

    public required long SendOct { get; init; }

    public required RateReply SendOctDetails { get; init; }

    public required long Publish { get; init; }

    public required RateReply PublishDetails { get; init; }

    public required long DeliverGet { get; init; }

    public required RateReply DeliverGetDetails { get; init; }

    /// <summary>Memory that is held for them, in bytes.</summary>
    public required long HeldBytes { get; init; }

    /// <summary>All memory of the connections, <see cref="HeldBytes"/> included.</summary>
    public required long Memory { get; init; }

    /// <summary>Of their warnings, how many stand.</summary>
    public required int Warnings { get; init; }

    /// <summary>When the first of them connected, in milliseconds since 1970.</summary>
    public required long ConnectedAtFirst { get; init; }

    /// <summary>When the last of them did.</summary>
    public required long ConnectedAtLast { get; init; }

    /// <summary>How many are in which state.</summary>
    public required IReadOnlyDictionary<string, int> States { get; init; }
}
