using System.Net;
using Levada.Platform;
using Xunit;

namespace Levada.Tests;

/// <summary>
/// A broker to test: Levada in this process on a free port of the loopback, with a data folder of its own that goes
/// with it; or, when LEVADA_TEST_BROKER is amqp://host:port, whatever listens there.
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    private static readonly Uri? Foreign =
        Environment.GetEnvironmentVariable("LEVADA_TEST_BROKER") is { Length: > 0 } text ? new Uri(text) : null;

    private Levada.Broker? _broker;
    private TimeProvider? _time;

    private TestBroker(Levada.Broker? broker, string host, int port, BrokerOptions? options)
    {
        _broker = broker;
        Address = Dns.GetHostAddresses(host)[0];
        Port = port;
        Options = options ?? new BrokerOptions();
    }

    /// <summary>The suite runs against a broker that it did not start, which may not be a Levada.</summary>
    public static bool IsForeign => Foreign is not null;

    public IPAddress Address { get; }

    public int Port { get; }

    /// <summary>What the broker was started with; some of it may be changed while it runs.</summary>
    public BrokerOptions Options { get; }

    /// <summary>The default user on the default vhost, for clients that take a URI.</summary>
    public string Uri => $"amqp://guest:guest@{Address}:{Port}/%2F";

    /// <summary>The broker itself, for what the protocol does not show.</summary>
    public Levada.Broker Broker
    {
        get
        {
            Assert.SkipWhen(IsForeign, "looks inside");
            return _broker ?? throw new InvalidOperationException("it is stopped");
        }
    }

    /// <summary>The listener on a Unix domain socket.</summary>
    public EndPoint Unix => Broker.Listeners.Single(l => l.Path is not null).EndPoint;

    /// <summary>Deleted with the broker.</summary>
    public string DataFolder => Options.DataDir;

    /// <summary>What the broker logs; stays empty for a foreign one.</summary>
    public CapturedLog Log { get; private init; } = new();

    /// <summary>
    /// A broker of the test's own, with options changed by <paramref name="configure"/>. A test that calls it with
    /// options cannot run on a foreign broker and is skipped there.
    /// </summary>
    /// <param name="configure">Changes the options.</param>
    /// <param name="time">The broker's clock, if it is the test's to move.</param>
    public static async Task<TestBroker> StartAsync(
        Action<BrokerOptions>? configure = null, TimeProvider? time = null)
    {
        if (Foreign is not null)
        {
            Assert.SkipWhen(configure is not null, "needs options of its own");
            return new TestBroker(null, Foreign.Host, Foreign.Port < 0 ? 5672 : Foreign.Port, null);
        }
        var folder = Directory.CreateTempSubdirectory("levada-test-").FullName;
        var options = new BrokerOptions
        {
            DataDir = folder,
            AmqpListeners = [new ListenerOptions(IPAddress.Loopback, 0)],
            HttpListeners = [],
            MetricsListeners = [],
        };
        configure?.Invoke(options);
        var log = new CapturedLog();
        var broker = NewBroker(options, log, time);
        await broker.StartAsync();
        var listener = broker.Listeners.First(l => l.Protocol == "amqp");
        var address = listener.Address!.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : listener.Address;
        return new TestBroker(broker, address.ToString(), listener.Port, options) { Log = log, _time = time };
    }

    /// <summary>A broker that the test may stop and start again; on a foreign one the test is skipped.</summary>
    public static Task<TestBroker> StartPrivateAsync() => StartAsync(_ => { });

    /// <summary>
    /// Stops in order, as on SIGTERM; data folder and port are kept for <see cref="StartAgainAsync"/>.
    /// </summary>
    public async Task StopAsync()
    {
        await Broker.DisposeAsync();
        _broker = null;
    }

    /// <summary>A new broker with the data and on the port of the stopped one.</summary>
    public async Task StartAgainAsync()
    {
        Assert.Null(_broker);
        Options.AmqpListeners = [new ListenerOptions(Address, Port)];
        _broker = NewBroker(Options, Log, _time);
        await _broker.StartAsync();
    }

    private static Levada.Broker NewBroker(BrokerOptions options, CapturedLog log, TimeProvider? time) => time is null
        ? new Levada.Broker(options, log)
        : new Levada.Broker(options, log, new FileSystemDisk(), new PoolScheduler(), time);

    /// <summary>Makes the broker find that its disk is nearly full. Once a broker.</summary>
    public Task RaiseDiskAlarmAsync()
    {
        Options.DiskFreeLimit = long.MaxValue;
        return Log.WaitForAsync("alarm: low on disk");
    }

    /// <summary>Makes the broker find that there is room again.</summary>
    public Task ClearDiskAlarmAsync()
    {
        Options.DiskFreeLimit = 0;
        return Log.WaitForAsync("alarms are over");
    }

    /// <summary>
    /// Waits for the broker's figures to be so. They change on their own time, and nothing tells of it.
    /// </summary>
    /// <exception cref="AmqpExpectationException">They were not in time.</exception>
    public async Task UntilAsync(Predicate<BrokerOverview> wanted)
    {
        for (var deadline = DateTime.UtcNow + RawConnection.Patience; !wanted(Broker.GetOverview());)
        {
            if (DateTime.UtcNow > deadline) throw new AmqpExpectationException($"not in time: {Broker.GetOverview()}");
            await Task.Delay(20);
        }
    }

    /// <summary>A name that no other test uses.</summary>
    public static string Name(string hint) => $"{hint}-{Guid.NewGuid():N}";

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.DisposeAsync();
        if (!IsForeign) Directory.Delete(DataFolder, recursive: true);
    }
}
