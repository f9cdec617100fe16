using System.Net;
using System.Net.Sockets;

namespace Levada;

/// <summary>The proxies whose PROXY protocol headers are believed. Immutable.</summary>
/// <param name="Networks">Where they are.</param>
/// <param name="Unix">Whoever connects by a Unix domain socket is one.</param>
public sealed record ProxySources(IReadOnlyList<IPNetwork> Networks, bool Unix)
{
    public static ProxySources None { get; } = new([], false);

    public bool IsEmpty => Networks.Count == 0 && !Unix;

    /// <summary>Whether the end of a socket is one of them.</summary>
    public bool Contains(EndPoint? peer) => peer switch
    {
        { AddressFamily: AddressFamily.Unix } => Unix,
        IPEndPoint { Address: { IsIPv4MappedToIPv6: true } address } => Contains(address.MapToIPv4()),
        IPEndPoint { Address: var address } => Contains(address),
        _ => false,
    };

    private bool Contains(IPAddress address) => Networks.Any(network => network.Contains(address));
}
