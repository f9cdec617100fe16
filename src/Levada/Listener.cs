using System.Net;

namespace Levada;

/// <summary>A port that is open: protocol (amqp, amqps, http) and the address really bound.</summary>
public sealed record Listener(string Protocol, IPAddress Address, int Port)
{
    public override string ToString() => $"{Protocol} {new IPEndPoint(Address, Port)}";
}
