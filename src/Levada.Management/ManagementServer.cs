using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Levada.Management;

/// <summary>The HTTP side of a running broker: the API, health checks and metrics. Starts after AMQP listens.</summary>
public sealed class ManagementServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ManagementServer(WebApplication application, IReadOnlyList<Listener> listeners)
    {
        _application = application;
        Listeners = listeners;
    }

    /// <summary>The addresses really bound.</summary>
    public IReadOnlyList<Listener> Listeners { get; }

    /// <exception cref="IOException">A port is taken or not allowed.</exception>
    public static async Task<ManagementServer> StartAsync(
        Broker broker, BrokerOptions options, ILoggerFactory loggerFactory,
        CancellationToken cancellationToken = default)
    {
        // The empty builder brings no configuration sources, no logging providers and no file watchers.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggerFactory);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        var application = builder.Build();
        application.Use(new BasicAuthentication(broker).InvokeAsync);
        Endpoints.Map(application, broker, options, () => Bound(application));
        await application.StartAsync(cancellationToken);
        return new ManagementServer(application, Bound(application));
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, BrokerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 32 << 20;
        foreach (var listener in options.HttpListeners)
            kestrel.Listen(listener.Address, listener.Port, o => o.Protocols = HttpProtocols.Http1);
    }

    private static List<Listener> Bound(WebApplication application)
    {
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return [.. addresses.Addresses.Select(a => IPEndPoint.Parse(a["http://".Length..]))
            .Select(e => new Listener("http", e.Address, e.Port))];
    }
}
