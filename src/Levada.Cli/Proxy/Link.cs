using System.Net.Sockets;
using System.Security.Authentication;
using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>
/// The socket to a client or to the broker. What is to be sent is gathered here and sent by the thread pool, so that
/// nobody ever waits for a peer that does not read. Heartbeats are written by a timer whatever else goes on.
/// </summary>
internal sealed class Link : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Octets that wait before whoever produces them should pause.</summary>
    public const int HighWater = 1 << 20;

    // A slice is short enough to show that a slow peer still reads.
    private const int SliceSize = 64 << 10;
    private const int KeptCapacity = 256 << 10;

    private readonly Stream _stream;
    private readonly ProxyCounters.Traffic _traffic;

    // Guards everything below it. Nothing else is called with it held.
    private readonly Lock _lock = new();
    private ByteBuffer _waiting = new(1024);
    private ByteBuffer _sending = new(1024);
    private bool _isSending;
    private bool _ended;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _sent;

    // Times of Environment.TickCount64, written by the sender and the reader, read by the timer.
    private long _sentMs = Environment.TickCount64;
    private long _receivedMs = Environment.TickCount64;
    private volatile bool _isPaused;

    public Link(Stream stream, ProxyCounters.Traffic traffic)
    {
        _stream = stream;
        _traffic = traffic;
    }

    /// <summary>Negotiated, in seconds; 0 is off.</summary>
    public int Heartbeat { get; set; }

    /// <summary>Octets not yet taken by the socket.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _waiting.Length + _sending.Length;
        }
    }

    /// <summary>Nobody reads it for now, so its silence means nothing.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set
        {
            Volatile.Write(ref _receivedMs, Environment.TickCount64);
            _isPaused = value;
        }
    }

    public void Send<T>(ushort channel, in T method) where T : IMethod<T>, allows ref struct
    {
        lock (_lock)
        {
            if (_ended) return;
            FrameWriter.WriteMethod(_waiting, channel, method);
            Start();
        }
    }

    /// <summary>One frame, under another channel number.</summary>
    /// <returns>Octets that wait now.</returns>
    public int Forward(ReadOnlySpan<byte> frame, ushort channel)
    {
        lock (_lock)
        {
            if (_ended) return 0;
            var copy = _waiting.GetSpan(frame.Length);
            frame.CopyTo(copy);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(copy[1..], channel);
            _waiting.Advance(frame.Length);
            Start();
            return _waiting.Length + _sending.Length;
        }
    }

    public void Write(ReadOnlySpan<byte> octets)
    {
        lock (_lock)
        {
            if (_ended) return;
            _waiting.Write(octets);
            Start();
        }
    }

    /// <returns>0 at the end.</returns>
    /// <exception cref="IOException">The connection broke, or was ended here.</exception>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var received = await _stream.ReadAsync(buffer, cancellationToken);
            Volatile.Write(ref _receivedMs, Environment.TickCount64);
            _traffic.Received(received);
            return received;
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException("the connection was ended by the proxy", e);
        }
    }

    /// <summary>Completes when little waits, or the link has ended.</summary>
    public Task RoomAsync()
    {
        lock (_lock)
        {
            if (_ended || _waiting.Length + _sending.Length <= HighWater / 2) return Task.CompletedTask;
            return (_room ??= NewSource()).Task;
        }
    }

    /// <summary>Completes when nothing waits, or the link has ended.</summary>
    public Task SentAsync()
    {
        lock (_lock)
        {
            if (_ended || !_isSending) return Task.CompletedTask;
            return (_sent ??= NewSource()).Task;
        }
    }

    /// <summary>Sends a heartbeat if it is time for one.</summary>
    /// <returns>Null, or why the peer counts as gone.</returns>
    public string? Beat(long nowMs)
    {
        lock (_lock)
        {
            if (_ended) return null;
            // While something is on its way no heartbeat is needed, and none could overtake it.
            if (Heartbeat > 0 && !_isSending && nowMs - Volatile.Read(ref _sentMs) >= Heartbeat * 500L)
            {
                FrameWriter.WriteHeartbeat(_waiting);
                Start();
            }
        }
        return Heartbeat > 0 && !_isPaused && nowMs - Volatile.Read(ref _receivedMs) > Heartbeat * 2000L
            ? $"missed heartbeats, timeout: {Heartbeat}s"
            : null;
    }

    /// <summary>Ends the socket at once; what waits is lost.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_ended) return;
            _ended = true;
            if (!_isSending) Release();
        }
        _stream.Dispose();
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAsync();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // With the lock held.
    private void Start()
    {
        if (_isSending) return;
        _isSending = true;
        Volatile.Write(ref _sentMs, Environment.TickCount64);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task SendAsync()
    {
        while (Take())
        {
            try
            {
                for (var rest = _sending.WrittenMemory; !rest.IsEmpty;)
                {
                    var slice = rest[..Math.Min(rest.Length, SliceSize)];
                    await _stream.WriteAsync(slice);
                    Volatile.Write(ref _sentMs, Environment.TickCount64);
                    _traffic.Sent(slice.Length);
                    rest = rest[slice.Length..];
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException
                or AuthenticationException or InvalidOperationException)
            {
                // The reader meets the same end and tells of it.
                Dispose();
            }
        }
    }

    private bool Take()
    {
        lock (_lock)
        {
            if (_sending.Length > KeptCapacity) _sending.Dispose();
            else _sending.Clear();
            if (_ended || _waiting.Length <= HighWater / 2)
            {
                _room?.TrySetResult();
                _room = null;
            }
            if (_ended || _waiting.Length == 0)
            {
                _isSending = false;
                _sent?.TrySetResult();
                _sent = null;
                if (_ended) Release();
                return false;
            }
            (_waiting, _sending) = (_sending, _waiting);
            return true;
        }
    }

    // With the lock held, and nobody sending.
    private void Release()
    {
        _waiting.Dispose();
        _sending.Dispose();
        _room?.TrySetResult();
        _sent?.TrySetResult();
    }
}
