using System.Net;

namespace Levada.Amqp;

/// <summary>A connection or channel that is no more. Its texts are cut: it takes less than 2 KiB.</summary>
public sealed record ClosedSession
{
    private const int NameMax = 128;
    private const int FixedBytes = 512;

    /// <summary>As the open one was named.</summary>
    public required string Name { get; init; }

    /// <summary>The channel's; null for a connection.</summary>
    public ushort? Number { get; init; }

    public required string ConnectionName { get; init; }

    /// <summary>What the client calls its connection; empty if it does not.</summary>
    public required string ClientName
    {
        get;
        init => field = CloseReason.Cut(value, NameMax);
    }

    public required string VHost { get; init; }

    public required string User
    {
        get;
        init => field = CloseReason.Cut(value, NameMax);
    }

    public EndPoint? Peer { get; init; }

    public required CloseReason Reason { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }

    public required TimeSpan OpenFor { get; init; }

    /// <summary>By a connection, while it lasted; null for a channel.</summary>
    public long? ChannelsOpened { get; init; }

    public required MessageCounters Counters { get; init; }

    /// <summary>About what it takes of memory.</summary>
    public int Bytes =>
        FixedBytes + (sizeof(char) * (Name.Length + ClientName.Length + User.Length + Reason.Text.Length));
}
