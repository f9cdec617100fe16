using System.Net;
using Levada.Management;
using Microsoft.Extensions.Logging.Abstractions;

namespace Levada.Tests.Web;

/// <summary>A broker in this process with the web page.</summary>
internal sealed class WebBroker : IAsyncDisposable
{
    private readonly TestBroker _broker;
    private readonly ManagementServer _server;

    private WebBroker(TestBroker broker)
    {
        _broker = broker;
        _server = ManagementServer.Start(broker.Broker, broker.Options, NullLoggerFactory.Instance);
    }

    public string Url => $"http://127.0.0.1:{_server.Listeners[0].Port}";

    public string Amqp => _broker.Uri;

    public static async Task<WebBroker> StartAsync(Action<BrokerOptions>? configure = null) => new(
        await TestBroker.StartAsync(o =>
        {
            o.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            configure?.Invoke(o);
        }));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _broker.DisposeAsync();
    }
}
