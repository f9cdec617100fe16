using System.Net;

namespace Levada.Management.Api;

/// <summary>Hosts and ports as the API shows them.</summary>
internal static class EndPointText
{
    public static string HostOf(EndPoint? end) => end switch
    {
        IPEndPoint ip => (ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address).ToString(),
        _ => end?.ToString() ?? "unknown",
    };

    public static int PortOf(EndPoint? end) => (end as IPEndPoint)?.Port ?? 0;
}
