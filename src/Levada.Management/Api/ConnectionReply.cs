using System.Security.Authentication;
using System.Text.Json.Serialization;
using Levada.Amqp;
using Levada.Management.Lists;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>
/// A connection in /api/connections: RabbitMQ's keys; from LastReceivedMsAgo on ours.
/// </summary>
internal sealed record ConnectionReply
{
    public required string Name { get; init; }

    public string? UserProvidedName { get; init; }

    public required string Node { get; init; }

    public string Type { get; } = "network";

    public string Protocol { get; } = "AMQP 0-9-1";

    public required string User { get; init; }

    public string UserWhoPerformedAction => User;

    public required string Vhost { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    public required string PeerHost { get; init; }

    public required int PeerPort { get; init; }

    public required bool Ssl { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? SslProtocol { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? SslKeyExchange { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? SslCipher { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? SslHash { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? PeerCertSubject { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? PeerCertIssuer { get; init; }

    /// <summary>Not in RabbitMQ 3.10.</summary>
    public string? PeerCertSerialNumber { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? PeerCertValidity { get; init; }

    public required string AuthMechanism { get; init; }

    public required string State { get; init; }

    public required int Channels { get; init; }

    public required int ChannelMax { get; init; }

    public required long FrameMax { get; init; }

    /// <summary>The heartbeat, in seconds.</summary>
    public required int Timeout { get; init; }

    public required long ConnectedAt { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public required FieldTable ClientProperties { get; init; }

    public required long RecvOct { get; init; }

    public required RateReply RecvOctDetails { get; init; }

    public required long RecvCnt { get; init; }

    public required RateReply RecvCntDetails { get; init; }

    public required long SendOct { get; init; }

    public required RateReply SendOctDetails { get; init; }

    public required long SendCnt { get; init; }

    public required RateReply SendCntDetails { get; init; }

    public required long SendPend { get; init; }

    public required MessageStatsReply MessageStats { get; init; }

    public required long LastReceivedMsAgo { get; init; }

    public required long LastSentMsAgo { get; init; }

    public required long StateMs { get; init; }

    public required int HeartbeatsMissed { get; init; }

    public double? RoundTripMs { get; init; }

    public required long ChannelsOpened { get; init; }

    public required int ConsumerCount { get; init; }

    public required long MessagesUnacknowledged { get; init; }

    /// <summary>Only with samples.</summary>
    public RateReply? MessagesUnacknowledgedDetails { get; init; }

    public RateReply? MessagesUnconfirmedDetails { get; init; }

    public RateReply? ChannelsDetails { get; init; }

    public required long MessagesUnconfirmed { get; init; }

    public required long MessagesUncommitted { get; init; }

    public required HeldReply HeldBytes { get; init; }

    /// <summary>Ours: all its memory, held_bytes included.</summary>
    public required long Memory { get; init; }

    public static ConnectionReply Of(ConnectionSnapshot c, string node) =>
        Of(c, node, Figures.Messages.Rates(c.Counters, c.Before, c.RatesOver));

    public static ConnectionReply Of(ConnectionSnapshot c, string node, Details details)
    {
        var now = c.Counters;
        TlsSuite? suite = c.IsTls ? TlsSuite.Parse(c.TlsCipher) : null;
        return new ConnectionReply
        {
            Name = c.Name,
            UserProvidedName = c.ClientName.Length > 0 ? c.ClientName : null,
            Node = node,
            User = c.User,
            Vhost = c.VHost,
            Host = EndPointText.HostOf(c.Local),
            Port = EndPointText.PortOf(c.Local),
            PeerHost = EndPointText.HostOf(c.Peer),
            PeerPort = EndPointText.PortOf(c.Peer),
            Ssl = c.IsTls,
            SslProtocol = ProtocolOf(c.TlsVersion),
            SslKeyExchange = suite?.KeyExchange,
            SslCipher = suite?.Cipher,
            SslHash = suite?.Hash,
            PeerCertSubject = c.Certificate?.Subject,
            PeerCertIssuer = c.Certificate?.Issuer,
            PeerCertSerialNumber = c.Certificate?.SerialNumber,
            PeerCertValidity = c.Certificate?.Validity,
            AuthMechanism = c.Mechanism,
            State = c.State,
            Channels = c.Channels,
            ChannelMax = c.ChannelMax,
            FrameMax = c.FrameMax,
            Timeout = c.Heartbeat,
            ConnectedAt = c.ConnectedAt.ToUnixTimeMilliseconds(),
            ClientProperties = c.ClientProperties,
            RecvOct = now.BytesReceived,
            RecvOctDetails = details.Data("recv_oct"),
            RecvCnt = now.FramesReceived,
            RecvCntDetails = details.Data("recv_cnt"),
            SendOct = now.BytesSent,
            SendOctDetails = details.Data("send_oct"),
            SendCnt = now.FramesSent,
            SendCntDetails = details.Data("send_cnt"),
            SendPend = c.SendPending,
            MessageStats = MessageStatsReply.Of(now, details),
            LastReceivedMsAgo = (long)c.LastReceivedAgo.TotalMilliseconds,
            LastSentMsAgo = (long)c.LastSentAgo.TotalMilliseconds,
            StateMs = (long)c.InStateFor.TotalMilliseconds,
            HeartbeatsMissed = c.HeartbeatsMissed,
            RoundTripMs = c.RoundTripTime?.TotalMilliseconds,
            ChannelsOpened = c.ChannelsOpened,
            ConsumerCount = c.Consumers,
            MessagesUnacknowledged = c.Unacknowledged,
            MessagesUnacknowledgedDetails = details.LengthIfAsked("messages_unacknowledged"),
            MessagesUnconfirmedDetails = details.LengthIfAsked("messages_unconfirmed"),
            ChannelsDetails = details.LengthIfAsked("channels"),
            MessagesUnconfirmed = c.Unconfirmed,
            MessagesUncommitted = c.Uncommitted,
            HeldBytes = HeldReply.Of(c.Held),
            Memory = c.Memory,
        };
    }

    // As RabbitMQ writes them.
    private static string? ProtocolOf(SslProtocols version) => version switch
    {
        SslProtocols.Tls12 => "tlsv1.2",
        SslProtocols.Tls13 => "tlsv1.3",
        _ => null,
    };
}
