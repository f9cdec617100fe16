using System.Net;
using System.Net.Sockets;
using Levada.Auth;

namespace Levada.Transports;

/// <summary>The way by which a client's bytes come, and what is known of the client from it. Immutable.</summary>
/// <param name="stream">The bytes, decrypted.</param>
/// <param name="peer">The client's end; if a proxy told of it, the end that it told.</param>
/// <param name="local">This end.</param>
/// <param name="shutdown">Tells the client that no more bytes come; its end is still read.</param>
internal sealed class Transport(Stream stream, EndPoint? peer, EndPoint? local, Action shutdown)
{
    public Stream Stream { get; } = stream;

    public EndPoint? Peer { get; } = peer;

    public EndPoint? Local { get; } = local;

    /// <summary>
    /// The address by which it is judged whether the client is on this machine: null if no other machine can reach it,
    /// <see cref="IPAddress.None"/> if it is not known.
    /// </summary>
    public IPAddress? Source { get; init; } = (peer as IPEndPoint)?.Address;

    public ListenerKind Kind { get; init; }

    /// <summary>The client's certificate, verified; null if it showed none.</summary>
    public ClientCertificate? Certificate { get; init; }

    public bool IsEncrypted => Kind == ListenerKind.Amqps;

    /// <summary>`peer:port -> host:port`, as RabbitMQ names connections (rule A23).</summary>
    public string Name { get; } = $"{Describe(peer)} -> {Describe(local)}";

    /// <summary>When the client came, in <see cref="Environment.TickCount64"/> milliseconds.</summary>
    public long AcceptedMs { get; init; } = Environment.TickCount64;

    public Action Shutdown { get; } = shutdown;

    /// <summary>The socket below the stream; null if there is none of its own.</summary>
    public Socket? Socket { get; init; }

    private static string Describe(EndPoint? end) => end switch
    {
        IPEndPoint ip when ip.Address.IsIPv4MappedToIPv6 => $"{ip.Address.MapToIPv4()}:{ip.Port}",
        IPEndPoint ip => ip.ToString(),
        null => "unknown",
        _ => end.ToString() ?? "unknown",
    };
}
