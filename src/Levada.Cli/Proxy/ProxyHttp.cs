using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Proxy;

/// <summary>GET /healthz and /metrics.</summary>
internal static class ProxyHttp
{
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WebApplication> StartAsync(ProxyServer proxy, ILoggerFactory loggers)
    {
        // The empty builder brings no configuration sources, no logging providers and no file watchers.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(proxy.Options.Listen, proxy.Options.HttpPort, o => o.Protocols = HttpProtocols.Http1);
        });
        var web = builder.Build();
        web.MapGet("/healthz", context => HealthAsync(context, proxy));
        web.MapGet("/metrics", context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            return ProxyMetrics.WriteAsync(context.Response.BodyWriter, proxy, context.RequestAborted).AsTask();
        });
        try
        {
            await web.StartAsync();
            return web;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await web.DisposeAsync();
            throw new IOException($"cannot listen for HTTP: {e.Message}", e);
        }
    }

    /// <summary>The address really bound.</summary>
    public static IPEndPoint EndPointOf(WebApplication web)
    {
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var uri = new Uri(address.First());
        return new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port);
    }

    // The broker is not asked: a balancer that took the proxy out would never hear that the broker is back.
    private static Task HealthAsync(HttpContext context, ProxyServer proxy)
    {
        if (!proxy.IsDraining) return context.Response.WriteAsync("ok\n");
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync("draining\n");
    }
}
