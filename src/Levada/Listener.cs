using System.Net;
using System.Net.Sockets;

namespace Levada;

/// <summary>What is listened on: protocol (amqp, amqps, http) and the address or path really bound.</summary>
public sealed record Listener(string Protocol, EndPoint EndPoint)
{
    /// <summary>Null for a Unix domain socket.</summary>
    public IPAddress? Address => (EndPoint as IPEndPoint)?.Address;

    /// <summary>0 for a Unix domain socket.</summary>
    public int Port => (EndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Null for anything but a Unix domain socket.</summary>
    public string? Path => (EndPoint as UnixDomainSocketEndPoint)?.ToString();

    public override string ToString() => $"{Protocol} {EndPoint}";
}
