using System.Net.Sockets;

namespace Levada.Tests.Soak;

/// <summary>One connection through the proxy: two pumps, and what goes wrong with it once its time has come.</summary>
internal sealed class FaultyLink(
    Socket client, Socket broker, Fault fault, (TimeSpan Fault, TimeSpan End) after, Simulation.Dice dice,
    SoakCounts counts, CancellationToken calm) : IDisposable
{
    private const int ChunkMax = 16 * 1024;
    private static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(2);

    private readonly long _from =
        Environment.TickCount64 + (long)(fault == Fault.None ? after.End : after.Fault).TotalMilliseconds;

    private readonly long _end = Environment.TickCount64 + (long)after.End.TotalMilliseconds;
    private readonly Lock _dice = new();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _happened;

    /// <summary>Ends when neither side is connected any more.</summary>
    public async Task RunAsync()
    {
        var up = PumpAsync(client, broker);
        var down = PumpAsync(broker, client);
        await Task.WhenAny(Task.WhenAll(up, down), _broken.Task);
        Dispose();
        await Task.WhenAll(up, down);
    }

    public void Dispose()
    {
        client.Dispose();
        broker.Dispose();
    }

    private bool IsFaulty => IsHalfOpen || (!calm.IsCancellationRequested && Environment.TickCount64 >= _from);

    // A broken wire stays broken; all else ends by a reset at the latest.
    private Fault Now => IsHalfOpen || Environment.TickCount64 < _end ? fault : Fault.Reset;

    private bool IsHalfOpen => fault == Fault.HalfOpen && Volatile.Read(ref _happened) != 0;

    private async Task PumpAsync(Socket from, Socket to)
    {
        var chunk = new byte[ChunkMax];
        try
        {
            while (await from.ReceiveAsync(chunk) is var count and > 0)
            {
                if (!IsFaulty)
                    await SendAsync(to, chunk.AsMemory(0, count));
                else if (!await HappensAsync(chunk.AsMemory(0, count), to))
                    return;
            }
            // An orderly end passes through, unless the link pretends to be a broken wire.
            if (!IsHalfOpen)
                to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (!IsHalfOpen)
                _broken.TrySetResult();
        }
    }

    /// <summary>The fault, with this chunk in its hands; false if the link ends by it.</summary>
    private async Task<bool> HappensAsync(ReadOnlyMemory<byte> chunk, Socket to)
    {
        var what = Now;
        var isFirst = Interlocked.Exchange(ref _happened, 1) == 0;
        switch (what)
        {
            case Fault.Cut or Fault.Reset:
                // Only a part of the chunk still arrives: frames end in their midst.
                await SendAsync(to, chunk[..Roll(chunk.Length)]);
                Interlocked.Increment(ref what == Fault.Cut ? ref counts.Cuts : ref counts.Resets);
                if (what == Fault.Reset)
                    client.LingerState = broker.LingerState = new LingerOption(true, 0);
                _broken.TrySetResult();
                return false;
            case Fault.Stall:
                if (isFirst)
                    Interlocked.Increment(ref counts.Stalls);
                if (isFirst || Roll(50) == 0)
                    await Task.Delay(Roll((int)LongestStall.TotalMilliseconds), CancellationToken.None);
                await SendAsync(to, chunk);
                return true;
            case Fault.HalfOpen:
                // From now on what comes is swallowed, in both directions, and neither side hears of the other's end.
                if (isFirst)
                    Interlocked.Increment(ref counts.HalfOpen);
                return true;
            default:
                if (isFirst)
                    Interlocked.Increment(ref counts.Slowed);
                await TrickleAsync(to, chunk);
                return true;
        }
    }

    private async Task TrickleAsync(Socket to, ReadOnlyMemory<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            var part = Math.Min(chunk.Length, 1 + Roll(Roll(2) == 0 ? 16 : 8192));
            await SendAsync(to, chunk[..part]);
            chunk = chunk[part..];
            if (Roll(4) == 0)
                await Task.Delay(1 + Roll(20), CancellationToken.None);
        }
    }

    // Both pumps ask.
    private int Roll(int below)
    {
        lock (_dice)
            return dice.Next(below);
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
            octets = octets[await to.SendAsync(octets)..];
    }
}
