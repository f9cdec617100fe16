using System.Runtime.InteropServices;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>A stop waits for clients, a second signal for nobody.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Client_is_told_and_its_close_ok_ends_the_wait()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        using var client = RawConnection.Open(broker.Amqp);
        broker.Signal(PosixSignal.SIGTERM);
        var close = client.Expect<ConnectionClose>(0);
        Assert.Equal(ReplyCode.ConnectionForced, close.ReplyCode);
        client.Send(0, default(ConnectionCloseOk));
        Assert.Equal(0, await broker.ExitAsync());
    }

    [Fact]
    public async Task Second_signal_ends_it_at_once()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "levada.conf");
        await File.WriteAllTextAsync(file, "shutdown_timeout = 3600000\n", TestContext.Current.CancellationToken);
        await using var broker = await BrokerProcess.StartAsync(folder.Path, "--config", file);
        using var client = RawConnection.Open(broker.Amqp);
        broker.Signal(PosixSignal.SIGTERM);
        client.Expect<ConnectionClose>(0);
        broker.Signal(PosixSignal.SIGTERM);
        Assert.Equal(4, await broker.ExitAsync());
    }
}
