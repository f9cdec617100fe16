namespace Levada.Tests.Simulation;

/// <summary>
/// A socket as the broker sees it, and its far end as the simulation plays it. Bytes arrive in the pieces that the
/// simulation lets through; a write is done at once while there is room, else when the simulation says so. One thread.
/// </summary>
internal sealed class SimulatedStream(SeededScheduler scheduler, int capacity) : Stream
{
    private readonly ByteQueue _onTheWay = new();
    private readonly ByteQueue _arrived = new();
    private readonly ByteQueue _written = new();
    private TaskCompletionSource<int>? _read;
    private Memory<byte> _readInto;
    private TaskCompletionSource? _write;
    private bool _clientHasEnded;
    private bool _endHasArrived;
    private bool _isCut;
    private bool _isDisposed;

    /// <summary>Bytes that the client has sent and the broker's kernel has not got yet.</summary>
    public int OnTheWay => _onTheWay.Count;

    /// <summary>Bytes that the broker could read and has not.</summary>
    public int Arrived => _arrived.Count;

    /// <summary>Bytes that the client could read and has not.</summary>
    public int Readable => _written.Count;

    /// <summary>The client's end of stream has been sent and has not arrived.</summary>
    public bool IsEndOnTheWay => _clientHasEnded && !_endHasArrived;

    public bool IsWritePending => _write is not null;

    /// <summary>No byte comes after those that are readable.</summary>
    public bool ServerHasEnded { get; private set; }

    public bool IsCut => _isCut;

    // ---- the client's end

    public void Send(ReadOnlySpan<byte> bytes) => _onTheWay.Add(bytes);

    /// <summary>The client closes its half once all it has sent is through.</summary>
    public void End() => _clientHasEnded = true;

    /// <summary>Lets bytes through to the broker, or the end of the stream if there are none left.</summary>
    public void Arrive(int count)
    {
        _arrived.Add(_onTheWay.Take(Math.Min(count, _onTheWay.Count)));
        _endHasArrived = _clientHasEnded && _onTheWay.Count == 0;
        CompleteRead();
    }

    /// <summary>The client reads.</summary>
    public byte[] Receive(int count) => _written.Take(Math.Min(count, _written.Count));

    /// <summary>The pending write is done: the kernel has taken it all.</summary>
    public void LetWriteThrough()
    {
        var write = _write;
        _write = null;
        write?.SetResult();
    }

    /// <summary>The connection breaks: what is on its way is lost, and all that the broker tries fails.</summary>
    public void Cut()
    {
        _isCut = true;
        _onTheWay.Clear();
        _arrived.Clear();
        CompleteRead();
        var write = _write;
        _write = null;
        write?.SetException(new IOException("connection reset by peer"));
    }

    // ---- the broker's end

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What the broker calls to close its half.</summary>
    public void Shutdown() => ServerHasEnded = true;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read is not null)
            throw new InvalidOperationException("two reads at once");
        _readInto = buffer;
        _read = new TaskCompletionSource<int>();
        var read = new ValueTask<int>(_read.Task);
        CompleteRead();
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_write is not null)
            throw new InvalidOperationException("two writes at once");
        ObjectDisposedException.ThrowIf(_isDisposed || ServerHasEnded, this);
        if (_isCut)
            return ValueTask.FromException(new IOException("broken pipe"));
        _written.Add(buffer.Span);
        if (_written.Count <= capacity)
            return ValueTask.CompletedTask;
        _write = new TaskCompletionSource();
        return new ValueTask(_write.Task);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (_isDisposed)
            return;
        _isDisposed = ServerHasEnded = true;
        // What is pending ends on another thread, not inside this call.
        scheduler.Run(new Later(EndPending));
    }

    private void EndPending()
    {
        CompleteRead();
        var write = _write;
        _write = null;
        write?.SetException(new ObjectDisposedException(nameof(SimulatedStream)));
    }

    private void CompleteRead()
    {
        if (_read is not { } read)
            return;
        if (_isDisposed || _isCut)
        {
            _read = null;
            read.SetException(_isCut
                ? new IOException("connection reset by peer")
                : new ObjectDisposedException(nameof(SimulatedStream)));
        }
        else if (_arrived.Count > 0 || _endHasArrived)
        {
            _read = null;
            var bytes = _arrived.Take(Math.Min(_readInto.Length, _arrived.Count));
            bytes.CopyTo(_readInto);
            read.SetResult(bytes.Length);
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private sealed class Later(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}
