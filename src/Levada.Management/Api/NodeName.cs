using System.Net;

namespace Levada.Management.Api;

/// <summary>What this broker process is called: levada@host.</summary>
internal static class NodeName
{
    public static string Value { get; } = "levada@" + Dns.GetHostName();
}
