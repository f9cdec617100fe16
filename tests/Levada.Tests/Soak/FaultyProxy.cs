using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Levada.Tests.Simulation;

namespace Levada.Tests.Soak;

/// <summary>
/// A bad network: a port whose connections reach the broker of the moment, each with a fault of its own that begins
/// some time after it was opened.
/// </summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly Fault[] Faults =
        [Fault.None, Fault.Cut, Fault.Reset, Fault.Stall, Fault.HalfOpen, Fault.Slow];

    private static readonly int[] Weights = [15, 20, 25, 15, 10, 15];

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<FaultyLink, Task> _links = new();
    private readonly CancellationTokenSource _calm = new();
    private readonly Dice _dice;
    private readonly SoakCounts _counts;
    private readonly Func<IPEndPoint> _broker;
    private readonly TimeSpan _latest;
    private readonly Task _accepting;

    /// <summary>
    /// Faults begin at the latest so long after the connection was opened; after twice that it is reset.
    /// </summary>
    public FaultyProxy(Func<IPEndPoint> broker, TimeSpan latest, int seed, SoakCounts counts)
    {
        (_broker, _latest, _dice, _counts) = (broker, latest, new Dice(seed), counts);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>No faults any more, but for connections that are half-open already.</summary>
    public void CalmDown() => _calm.Cancel();

    public async ValueTask DisposeAsync()
    {
        _calm.Cancel();
        _listener.Dispose();
        await _accepting;
        foreach (var (link, running) in _links)
        {
            link.Dispose();
            await running;
        }
        _calm.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                await LinkAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The listener is closed: the run is over.
        }
    }

    private async Task LinkAsync(Socket client)
    {
        var broker = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await broker.ConnectAsync(_broker());
            client.NoDelay = broker.NoDelay = true;
        }
        catch (SocketException)
        {
            // It is being restarted.
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
            broker.Dispose();
            return;
        }
        var link = new FaultyLink(
            client, broker, Faults[_dice.Weighted(Weights)], (Until(_latest), _latest + Until(_latest)),
            new Dice(_dice.Next(int.MaxValue)), _counts, _calm.Token);
        _links[link] = Task.CompletedTask;
        var running = RunAsync(link);
        _links.TryUpdate(link, running, Task.CompletedTask);
    }

    private TimeSpan Until(TimeSpan latest) => latest * (_dice.Next(1000) / 1000.0);

    private async Task RunAsync(FaultyLink link)
    {
        await link.RunAsync();
        _links.TryRemove(link, out _);
    }
}
