using System.Net;
using Levada.Cli.Proxy;

namespace Levada.Tests.Proxy;

/// <summary>A proxy in this process on a free port of the loopback, in front of a broker of its own.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private TestProxy(TestBroker broker, ProxyServer server, CapturedLog log)
    {
        Broker = broker;
        Server = server;
        Log = log;
    }

    public TestBroker Broker { get; }

    public ProxyServer Server { get; }

    /// <summary>What the proxy logs.</summary>
    public CapturedLog Log { get; }

    public string Uri => $"amqp://guest:guest@{Server.EndPoint}/%2F";

    /// <summary>Connections that clients and proxy opened to the broker so far.</summary>
    public long UpstreamOpened => Broker.Broker.GetOverview().Churn.ConnectionsOpened;

    public static async Task<TestProxy> StartAsync(
        Func<ProxyOptions, ProxyOptions>? configure = null, Action<BrokerOptions>? configureBroker = null)
    {
        var broker = await TestBroker.StartAsync(configureBroker ?? (_ => { }));
        var options = new ProxyOptions
        {
            Port = 0, UpstreamHost = broker.Address.ToString(), UpstreamPort = broker.Port,
        };
        var log = new CapturedLog();
        return new TestProxy(broker, ProxyServer.Start(configure?.Invoke(options) ?? options, log), log);
    }

    /// <summary>A client of the proxy with channel 1 open.</summary>
    public RawConnection OpenWithChannel(Login? login = null)
    {
        var client = Open(login);
        client.OpenChannel(1);
        return client;
    }

    /// <summary>A client of the proxy.</summary>
    public RawConnection Open(Login? login = null)
    {
        var client = Connect();
        client.Open(login ?? new Login());
        return client;
    }

    /// <summary>The TCP connection alone; nothing is sent.</summary>
    public RawConnection Connect() => RawConnection.Connect((EndPoint)Server.EndPoint);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
