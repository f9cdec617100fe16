using System.Text.Json.Serialization;
using Levada.Amqp;
using Levada.Management.Lists;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>A channel in /api/channels: RabbitMQ's keys; from UserProvidedName on ours.</summary>
internal sealed record ChannelReply
{
    public required int Number { get; init; }

    public required string Name { get; init; }

    public required string Node { get; init; }

    public required string Vhost { get; init; }

    public required string User { get; init; }

    public string UserWhoPerformedAction => User;

    public required string State { get; init; }

    public required int ConsumerCount { get; init; }

    public required int PrefetchCount { get; init; }

    public required int GlobalPrefetchCount { get; init; }

    public required bool Confirm { get; init; }

    public required bool Transactional { get; init; }

    public required int MessagesUnacknowledged { get; init; }

    public required long MessagesUnconfirmed { get; init; }

    public required int MessagesUncommitted { get; init; }

    /// <summary>Only with samples.</summary>
    public RateReply? MessagesUnacknowledgedDetails { get; init; }

    public RateReply? MessagesUnconfirmedDetails { get; init; }

    public required int AcksUncommitted { get; init; }

    /// <summary>There is no Raft here.</summary>
    public int PendingRaftCommands { get; }

    /// <summary>ISO 8601; only of a channel that did nothing for a second.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    public required ConnectionDetails ConnectionDetails { get; init; }

    public required MessageStatsReply MessageStats { get; init; }

    /// <summary>By exchange; only where one channel is asked for.</summary>
    public IReadOnlyList<ChannelPublishes>? Publishes { get; init; }

    /// <summary>By queue; only where one channel is asked for.</summary>
    public IReadOnlyList<ChannelDeliveries>? Deliveries { get; init; }

    /// <summary>Only where one channel is asked for.</summary>
    public IReadOnlyList<ConsumerReply>? ConsumerDetails { get; init; }

    public string? UserProvidedName { get; init; }

    public required long StateMs { get; init; }

    public required long OpenMs { get; init; }

    public required long IdleMs { get; init; }

    public required long RecvOct { get; init; }

    public required long RecvCnt { get; init; }

    public required long SendOct { get; init; }

    public required long SendCnt { get; init; }

    public required HeldReply HeldBytes { get; init; }

    /// <summary>Ours: all its memory, held_bytes included.</summary>
    public required long Memory { get; init; }

    public static ChannelReply Of(ChannelSnapshot c, string node, bool withConsumers, Details? details = null)
    {
        details ??= Figures.Messages.Rates(c.Counters, c.Before, c.RatesOver);
        var owner = new ConnectionDetails(
            c.ConnectionName, EndPointText.HostOf(c.Peer), EndPointText.PortOf(c.Peer));
        var place = new ConsumerChannel(
            c.Name, c.Number, owner.Name, owner.PeerHost, owner.PeerPort, c.User, node, NameOrNull(c.ClientName));
        return new ChannelReply
        {
            Number = c.Number,
            Name = c.Name,
            Node = node,
            Vhost = c.VHost,
            User = c.User,
            State = c.State,
            ConsumerCount = c.Consumers,
            PrefetchCount = c.Prefetch,
            GlobalPrefetchCount = c.GlobalPrefetch,
            Confirm = c.IsConfirming,
            Transactional = c.IsTransactional,
            MessagesUnacknowledged = c.Unacknowledged,
            MessagesUnconfirmed = c.Unconfirmed,
            MessagesUnacknowledgedDetails = details.LengthIfAsked("messages_unacknowledged"),
            MessagesUnconfirmedDetails = details.LengthIfAsked("messages_unconfirmed"),
            MessagesUncommitted = c.Uncommitted,
            AcksUncommitted = c.AcksUncommitted,
            IdleSince = c.IdleFor < TimeSpan.FromSeconds(1) ? null : c.TakenAt - c.IdleFor,
            ConnectionDetails = owner,
            MessageStats = MessageStatsReply.Of(c.Counters, details),
            ConsumerDetails = withConsumers
                ? [.. c.ConsumerList.Select(consumer => ConsumerReply.Of(consumer, c.VHost, place))] : null,
            UserProvidedName = NameOrNull(c.ClientName),
            StateMs = (long)c.InStateFor.TotalMilliseconds,
            OpenMs = (long)c.OpenFor.TotalMilliseconds,
            IdleMs = (long)c.IdleFor.TotalMilliseconds,
            RecvOct = c.Counters.BytesReceived,
            RecvCnt = c.Counters.FramesReceived,
            SendOct = c.Counters.BytesSent,
            SendCnt = c.Counters.FramesSent,
            HeldBytes = HeldReply.Of(c.Held),
            Memory = c.Memory,
        };
    }

    /// <summary>What the client calls its connection, if it does.</summary>
    public static string? NameOrNull(string clientName) => clientName.Length == 0 ? null : clientName;
}

/// <summary>Whose channel it is.</summary>
internal sealed record ConnectionDetails(string Name, string PeerHost, int PeerPort);

/// <summary>A consumer of the channel, as /api/consumers has it.</summary>
internal sealed record ConsumerReply(
    string ConsumerTag, ConsumerQueue Queue, bool AckRequired, bool Exclusive, int PrefetchCount, int Priority,
    [property: JsonConverter(typeof(FieldTableConverter))] FieldTable Arguments, ConsumerChannel ChannelDetails,
    bool Active, string ActivityStatus)
{
    public static ConsumerReply Of(ConsumerSnapshot c, string vhost, ConsumerChannel channel) => new(
        c.Tag, new ConsumerQueue(c.Queue, vhost), !c.NoAck, c.Exclusive, c.Prefetch, c.Priority, c.Arguments, channel,
        c.IsServed, c.IsServed ? "up" : "waiting");
}

/// <summary>What a consumer reads.</summary>
internal sealed record ConsumerQueue(string Name, string Vhost);

/// <summary>Where a consumer is; the last is ours.</summary>
internal sealed record ConsumerChannel(
    string Name, int Number, string ConnectionName, string PeerHost, int PeerPort, string User, string Node,
    string? UserProvidedName);

/// <summary>What the channel published to an exchange.</summary>
internal sealed record ChannelPublishes(ExchangeName Exchange, PublishStats Stats);

/// <summary>What the channel was given of a queue.</summary>
internal sealed record ChannelDeliveries(ConsumerQueue Queue, DeliveryStats Stats);
