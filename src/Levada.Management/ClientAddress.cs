using System.Net;
using Microsoft.AspNetCore.Http;

namespace Levada.Management;

/// <summary>Where a request comes from, as far as it is asked whether that is this machine.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// <see cref="IPAddress.None"/>, which is not this machine, for what another site's page makes a browser here send
    /// and for what a reverse proxy passes on: the end of the socket says nothing about those.
    /// </summary>
    public static IPAddress Of(HttpContext context)
    {
        if (context.Features.Get<ControlClient>() is not null)
            return IPAddress.Loopback;
        var headers = context.Request.Headers;
        var isForwarded = headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded");
        return isForwarded || IsFromAnotherSite(context)
            ? IPAddress.None
            : context.Connection.RemoteIpAddress ?? IPAddress.None;
    }

    /// <summary>
    /// A page of another site had a browser send it, which may add a password that it knows by itself.
    /// </summary>
    public static bool IsFromAnotherSite(HttpContext context) =>
        context.Features.Get<AllowedOrigin>() is null
        && IsFromAnotherSite(context.Request.Headers.Origin, context.Request.Host);

    /// <summary>The client's end, for logs and the audit.</summary>
    public static string Describe(HttpContext context) => context.Features.Get<ControlClient>() is { } control
        ? control.From
        : $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}";

    private static bool IsFromAnotherSite(string? origin, HostString host) =>
        !string.IsNullOrEmpty(origin)
        && (!Uri.TryCreate(origin, UriKind.Absolute, out var site)
            || !string.Equals(site.Authority, host.Value, StringComparison.OrdinalIgnoreCase));
}
