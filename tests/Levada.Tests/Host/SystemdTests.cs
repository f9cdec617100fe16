using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The process as systemd sees it: what it says of itself, and the sockets that it is given.</summary>
public sealed class SystemdTests
{
    // Opens sockets as systemd would, and becomes the broker: LISTEN_PID is the process that reads it.
    private const string Activate = """
        import os, socket, sys
        names, program = sys.argv[1], sys.argv[2:]
        for i, name in enumerate(names.split(':')):
            if name == 'unix':
                s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                s.bind(os.environ['SOCKET_PATH'])
            else:
                s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
                s.bind(('127.0.0.1', 0))
            if name != 'deaf':
                s.listen()
            os.dup2(s.fileno(), 20 + i)
        for i in range(len(names.split(':'))):
            os.dup2(20 + i, 3 + i)
            os.set_inheritable(3 + i, True)
        os.environ['LISTEN_PID'] = str(os.getpid())
        os.environ['LISTEN_FDS'] = str(len(names.split(':')))
        os.environ['LISTEN_FDNAMES'] = names.replace('unix', 'amqp').replace('deaf', 'amqp')
        os.execv(program[0], program)
        """;

    [Fact]
    public async Task It_tells_when_it_is_ready_reloading_and_stopping()
    {
        using var folder = new TempFolder();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var path = Path.Combine(folder.Path, "notify.sock");
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        systemd.ReceiveTimeout = 30_000;
        await using var broker = await BrokerProcess.StartAsync(
            Path.Combine(folder.Path, "data"), new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path }, []);
        Assert.StartsWith("READY=1\n", Receive(), StringComparison.Ordinal);
        broker.Signal(PosixSignal.SIGHUP);
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", Receive());
        Assert.StartsWith("READY=1\n", Receive(), StringComparison.Ordinal);
        broker.Signal(PosixSignal.SIGTERM);
        Assert.StartsWith("STOPPING=1\n", Receive(), StringComparison.Ordinal);
        Assert.Equal(0, await broker.ExitAsync());

        string Receive()
        {
            var message = new byte[1024];
            return Encoding.UTF8.GetString(message, 0, systemd.Receive(message));
        }
    }

    [Fact]
    public async Task Sockets_that_it_is_given_take_the_place_of_its_own()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "amqp.sock");
        // The port is taken by the test: the broker must not even try it.
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        await using var broker = await BrokerProcess.StartAsync(
            Path.Combine(folder.Path, "data"), new Dictionary<string, string> { ["SOCKET_PATH"] = path },
            ["/usr/bin/python3", "-c", Activate, "amqp:http:unix"], "--amqp-port", $"{port}");
        Assert.NotEqual(port, broker.Amqp.Port);
        using (RawConnection.Open(broker.Amqp))
        using (RawConnection.Open(new UnixDomainSocketEndPoint(path)))
        using (var http = new HttpClient())
            Assert.NotEmpty(await http.GetStringAsync(
                new Uri($"http://{broker.Http}/metrics"), TestContext.Current.CancellationToken));
        Assert.Equal(0, await broker.StopAsync());
        // It is systemd's, which goes on listening there.
        Assert.True(Path.Exists(path));
    }

    [Theory]
    [InlineData("levada.socket", "FileDescriptorName")]
    [InlineData("deaf", "listens")]
    public async Task Socket_of_no_use_is_refused_with_the_reason(string name, string reason)
    {
        using var folder = new TempFolder();
        await using var broker = BrokerProcess.Launch(
            folder.Path, new Dictionary<string, string>(), ["/usr/bin/python3", "-c", Activate, name]);
        Assert.Equal(2, await broker.ExitAsync());
        Assert.Contains(reason, Assert.Single(broker.Log), StringComparison.Ordinal);
    }
}
