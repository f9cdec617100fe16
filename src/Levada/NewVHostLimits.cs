using Levada.Auth;

namespace Levada;

/// <summary>Limits that a new virtual host gets if its name matches (<c>default_limits.vhosts</c>).</summary>
/// <param name="Id">As the configuration calls it.</param>
/// <param name="VHosts">Which.</param>
/// <param name="MaxConnections">Null is no limit.</param>
/// <param name="MaxQueues">The same.</param>
public sealed record NewVHostLimits(string Id, NamePattern VHosts, int? MaxConnections, int? MaxQueues)
{
    public override string ToString() =>
        $"{Id} ({VHosts.Pattern}: {MaxConnections ?? -1} connections, {MaxQueues ?? -1} queues)";
}
