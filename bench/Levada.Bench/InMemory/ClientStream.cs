using System.Threading.Tasks.Sources;
using Levada.Protocol;

namespace Levada.Bench.InMemory;

/// <summary>
/// A connection's bytes without a socket: what the client sends is read and handled by the broker inside
/// <see cref="Send"/>, on the caller's thread; what the broker writes gathers in <see cref="Received"/>. Allocates
/// nothing per read or write. One thread.
/// </summary>
internal sealed class ClientStream : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _read;
    private ReadOnlyMemory<byte> _sent;
    private Memory<byte> _waiting;
    private bool _isReadWaiting;
    private bool _isEnded;

    /// <summary>What the broker wrote; the client clears it.</summary>
    public ByteBuffer Received { get; } = new(128 * 1024);

    /// <summary>Writes by the broker: each would be a system call.</summary>
    public long Writes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>True when the broker has taken all of it; else it has stopped reading for now.</summary>
    public bool Send(ReadOnlyMemory<byte> bytes)
    {
        if (!_sent.IsEmpty)
            throw new InvalidOperationException("the broker has not read what was sent before");
        _sent = bytes;
        AnswerRead();
        return _sent.IsEmpty;
    }

    /// <summary>The client's end of the stream.</summary>
    public void End()
    {
        _isEnded = true;
        AnswerRead();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_sent.IsEmpty || _isEnded)
            return new ValueTask<int>(Take(buffer));
        _read.Reset();
        _waiting = buffer;
        _isReadWaiting = true;
        return new ValueTask<int>(this, _read.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Writes++;
        Received.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    // The broker goes on inside SetResult, and may read again before it returns.
    private void AnswerRead()
    {
        if (!_isReadWaiting)
            return;
        _isReadWaiting = false;
        _read.SetResult(Take(_waiting));
    }

    private int Take(Memory<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, _sent.Length);
        _sent.Span[..taken].CopyTo(buffer.Span);
        _sent = _sent[taken..];
        return taken;
    }
}
