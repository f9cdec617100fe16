using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The broker's process and its doors by the command line; and what it tells as it happens.</summary>
public sealed class ServiceCommandTests : IAsyncLifetime
{
    private static readonly int[] OwnNumbers = [.. Enumerable.Range(1, 254)];

    private readonly TempFolder _folder = new();
    private BrokerProcess _broker = null!;
    private CommandLine _levada = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // A port that is given back for a while could be taken by another program, but not on an address of its own.
        var address = $"127.{string.Join('.', Random.Shared.GetItems(OwnNumbers, 3))}";
        _broker = await BrokerProcess.StartAsync(_folder.Path, "--bind", address);
        _levada = CommandLine.Beside(_folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Suspended_listeners_refuse_and_resumed_ones_take()
    {
        using var client = RawConnection.Open(_broker.Amqp);
        await _levada.DoneAsync("suspend_listeners");
        Assert.Throws<SocketException>(() => RawConnection.Open(_broker.Amqp));
        client.OpenChannel(1);
        await _levada.RefusedAsync(69, "check_port_connectivity");
        await _levada.DoneAsync("suspend_listeners");
        await _levada.DoneAsync("resume_listeners");
        using var next = RawConnection.Open(_broker.Amqp);
        next.OpenChannel(1);
        await _levada.DoneAsync("check_port_connectivity");
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("shutdown")]
    public async Task It_is_stopped_in_order(string command)
    {
        using var client = RawConnection.Open(_broker.Amqp);
        Assert.Contains(
            "on the same machine", await CommandLine.Over(_broker).RefusedAsync(64, command),
            StringComparison.Ordinal);
        var stopping = _levada.DoneAsync(command);
        client.ExpectConnectionError(320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'",
            0);
        await stopping;
        Assert.Equal(0, await _broker.ExitAsync());
    }

    [Fact]
    public async Task A_file_with_its_process_id_is_waited_for()
    {
        var file = Path.Combine(_folder.Path, "service.pid");
        using var waiting = _levada.Start("wait", file);
        await waiting.StandardOutput.ReadLineAsync(Token);
        var next = file + ".new";
        await File.WriteAllTextAsync(next, $"{_broker.Id}\n", Token);
        File.Move(next, file);
        await waiting.WaitForExitAsync(Token);
        Assert.Equal(0, waiting.ExitCode);
        await _levada.DoneAsync("stop", file);
        await _broker.ExitAsync();
        await _levada.RefusedAsync(69, "wait", file);
    }

    [Fact]
    public async Task Events_are_told_as_they_happen()
    {
        using var following = _levada.Start("consume_event_stream", "-q", "--pattern", "^queue");
        try
        {
            var n = 0;
            var line = await FirstLineAsync(following, () => _levada.DoneAsync("create_queue", $"q{n++}"));
            Assert.Equal("queue.created", JsonElement.Parse(line!).GetProperty("event").GetString());
        }
        finally
        {
            following.Kill();
        }
    }

    [Fact]
    public async Task The_log_is_shown_as_it_comes()
    {
        using var following = _levada.Start("log_tail_stream");
        try
        {
            Assert.StartsWith("Streaming logs", await following.StandardOutput.ReadLineAsync(Token));
            var line = await FirstLineAsync(following, () =>
            {
                RawConnection.Open(_broker.Amqp).Dispose();
                return Task.CompletedTask;
            });
            Assert.Matches(@"^\S+Z \[[a-z]+\] \w+: .", line);
        }
        finally
        {
            following.Kill();
        }
    }

    /// <summary>What it says first. Until it listens nothing comes, so each act is another chance.</summary>
    private static async Task<string?> FirstLineAsync(Process following, Func<Task> act)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(RawConnection.Patience);
        var line = following.StandardOutput.ReadLineAsync(patience.Token).AsTask();
        while (!line.IsCompleted)
        {
            await act();
            await Task.WhenAny(line, Task.Delay(50, Token));
        }
        return await line;
    }
}
