using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Levada.Protocol;
using Levada.Transports;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>AMQP over Unix domain sockets; rules A11 and A23 there.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class A_UnixSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("levada-unix-").FullName;

    private string SocketPath => Path.Combine(_folder, "amqp.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LevadaFact]
    public async Task A11_guest_is_let_in_and_messages_pass()
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.Open(broker.Unix);
        connection.OpenChannel(1);
        connection.Send(1, new QueueDeclare("q"));
        connection.Expect<QueueDeclareOk>(1);
        connection.Publish(1, "", "q", "by path");
        connection.Send(1, new BasicGet("q", true));
        Assert.Equal("by path", connection.ExpectGetOk(1).Text);
        Assert.Contains((ListenerKind.Unix, 1L), broker.Broker.Arrivals.Accepted);
    }

    [LevadaFact]
    public async Task A23_connections_have_names_that_tell_them_apart()
    {
        await using var broker = await StartAsync();
        using var first = RawConnection.Open(broker.Unix);
        using var second = RawConnection.Open(broker.Unix);
        var names = broker.Broker.Connections.All.Select(c => c.Name).ToList();
        Assert.Equal(2, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches($"^unix:{Environment.ProcessId}:[0-9]+ -> {SocketPath}$", name));
    }

    [LevadaFact]
    public async Task File_has_the_mode_and_goes_with_the_broker()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (await StartAsync(o => o.UnixMode = Mode))
            Assert.Equal(Mode, File.GetUnixFileMode(SocketPath));
        Assert.False(Path.Exists(SocketPath));
    }

    [LevadaFact]
    public async Task File_that_a_dead_process_left_is_replaced()
    {
        LeaveStaleFile();
        await using var broker = await StartAsync();
        using var connection = RawConnection.Open(broker.Unix);
    }

    [LevadaFact]
    public async Task File_that_somebody_listens_on_stays()
    {
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(SocketPath));
        other.Listen();
        var e = await Assert.ThrowsAsync<IOException>(() => StartAsync());
        Assert.Contains(SocketPath, e.Message, StringComparison.Ordinal);
        Assert.Contains("listens", e.Message, StringComparison.Ordinal);
        Assert.True(Path.Exists(SocketPath));
    }

    [LevadaFact]
    public async Task File_that_is_no_socket_stays()
    {
        await File.WriteAllTextAsync(SocketPath, "", TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<IOException>(() => StartAsync());
        Assert.Contains("no socket", e.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(SocketPath));
    }

    [LevadaFact]
    public async Task Path_that_is_too_long_is_named()
    {
        var path = Path.Combine(_folder, new string('x', 120));
        var e = await Assert.ThrowsAsync<IOException>(() => StartAsync(o => o.UnixListeners = [path]));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [LevadaFact]
    public async Task Several_addresses_and_paths_listen_at_once()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var broker = await StartAsync(o => o.AmqpListeners =
        [
            new ListenerOptions(IPAddress.Loopback, 0), new ListenerOptions(IPAddress.IPv6Loopback, 0),
            new ListenerOptions(IPAddress.Any, 0),
        ]);
        Assert.Equal(4, broker.Broker.Listeners.Count);
        foreach (var listener in broker.Broker.Listeners)
        {
            var any = listener.Address?.Equals(IPAddress.Any) == true;
            using var connection = RawConnection.Open(
                any ? new IPEndPoint(IPAddress.Loopback, listener.Port) : listener.EndPoint);
        }
    }

    private Task<TestBroker> StartAsync(Action<BrokerOptions>? configure = null) => TestBroker.StartAsync(o =>
    {
        o.UnixListeners = [SocketPath];
        configure?.Invoke(o);
    });

    // A socket that is closed without its file being removed, as the kernel does it for a killed process.
    private void LeaveStaleFile()
    {
        var moved = SocketPath + ".moved";
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(moved));
            dead.Listen();
            File.Move(moved, SocketPath);
        }
        Assert.True(Path.Exists(SocketPath));
    }
}
