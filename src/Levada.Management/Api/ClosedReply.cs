using Levada.Amqp;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>A connection or channel that is no more, in /api/connections/closed and /api/channels/closed.</summary>
internal sealed record ClosedReply
{
    public required string Name { get; init; }

    /// <summary>The channel's; not there for a connection.</summary>
    public int? Number { get; init; }

    public required ConnectionDetails ConnectionDetails { get; init; }

    public string? UserProvidedName { get; init; }

    public required string Vhost { get; init; }

    public required string User { get; init; }

    /// <summary>client, broker, operator, lost.</summary>
    public required string ClosedBy { get; init; }

    public required int ReplyCode { get; init; }

    public required string ReplyText { get; init; }

    /// <summary>The method that failed; not there if it was none.</summary>
    public string? Method { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    public required long OpenMs { get; init; }

    /// <summary>Not there for a channel.</summary>
    public long? ChannelsOpened { get; init; }

    public required long RecvOct { get; init; }

    public required long RecvCnt { get; init; }

    public required long SendOct { get; init; }

    public required long SendCnt { get; init; }

    /// <summary>Rates are over its whole life.</summary>
    public required MessageStatsReply MessageStats { get; init; }

    public static ClosedReply Of(ClosedSession c) => new()
    {
        Name = c.Name,
        Number = c.Number,
        ConnectionDetails = new ConnectionDetails(
            c.ConnectionName, EndPointText.HostOf(c.Peer), EndPointText.PortOf(c.Peer)),
        UserProvidedName = c.ClientName.Length > 0 ? c.ClientName : null,
        Vhost = c.VHost,
        User = c.User,
        ClosedBy = c.Reason.By.ToString().ToLowerInvariant(),
        ReplyCode = c.Reason.Code,
        ReplyText = c.Reason.Text,
        Method = c.Reason.MethodId == 0 ? null : MethodId.Name(c.Reason.MethodId),
        ClosedAt = c.ClosedAt,
        OpenMs = (long)c.OpenFor.TotalMilliseconds,
        ChannelsOpened = c.ChannelsOpened,
        RecvOct = c.Counters.BytesReceived,
        RecvCnt = c.Counters.FramesReceived,
        SendOct = c.Counters.BytesSent,
        SendCnt = c.Counters.FramesSent,
        // At least a millisecond: a rate over nothing is no number.
        MessageStats = MessageStatsReply.Of(
            c.Counters, new MessageCounters(), TimeSpan.FromMilliseconds(Math.Max(1, c.OpenFor.TotalMilliseconds))),
    };
}
