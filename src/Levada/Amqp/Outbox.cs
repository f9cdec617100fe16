using System.Buffers;
using System.Runtime.CompilerServices;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// What waits to be sent to one client. The only place where several threads meet a connection: shards write deliveries
/// and confirms, the connection writes replies, whoever flushes sends. Everything here, and what channels keep "under
/// the outbox lock", is guarded by <see cref="Lock"/>, a leaf. An idle connection holds no buffer.
/// </summary>
internal sealed partial class Outbox : IThreadPoolWorkItem
{
    // Handed to the socket at a time, so that a slow client is seen to make progress.
    private const int SliceMax = 256 * 1024;

    // A thread that came to flush goes on with what others add for so many rounds, then the pool does.
    private const int RoundsInline = 4;

    private const int SmallestBuffer = 4 * 1024;

    private readonly Stream _stream;
    private readonly MessageCounters _counters;
    private readonly IScheduler _scheduler;
    private readonly Action<Exception?> _ended;
    private readonly Action _onSent;
    private readonly int _highWater;
    private readonly long _looseMax;
    private readonly List<(Shard Shard, ShardWork Retry)> _refused = [];

    private byte[] _pending = [];
    private int _pendingUsed;
    private byte[] _sending = [];
    private int _sendingUsed;
    private int _sent;
    private bool _isSending;
    private bool _isClosed;
    private bool _closeWhenSent;
    private bool _congestionAwaited;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _send;

    /// <param name="stream">Where bytes go.</param>
    /// <param name="highWater">Bytes waiting at which deliveries stop.</param>
    /// <param name="looseMax">Bytes of large returns and direct replies at which the client is not read.</param>
    /// <param name="counters">The connection's.</param>
    /// <param name="scheduler">Runs sends that go on for long.</param>
    /// <param name="ended">Called once: all is sent after a close (null), or sending failed.</param>
    public Outbox(
        Stream stream, int highWater, long looseMax, MessageCounters counters, IScheduler scheduler,
        Action<Exception?> ended)
    {
        _scheduler = scheduler;
        _counters = counters;
        _stream = stream;
        _highWater = highWater;
        _looseMax = looseMax;
        _ended = ended;
        _onSent = OnSent;
    }

    public Lock Lock { get; } = new();

    /// <summary>Told, without the lock, when awaited congestion ends.</summary>
    public Action? Uncongested { get; set; }

    /// <summary>Bytes waiting here or handed to the socket. Under the lock.</summary>
    public int Waiting => _pendingUsed + _sendingUsed + _held;

    /// <summary>What its connection has done: what goes out is counted under the lock.</summary>
    public MessageCounters Counters => _counters;

    /// <summary>Room for another delivery. Under the lock.</summary>
    public bool HasRoom => Waiting < _highWater;

    /// <summary>connection.close is written: nothing but close-ok may follow it. Under the lock.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Nothing that is offered can reach the client any more. Under the lock.</summary>
    public bool IsOver => IsSilent || _isClosed || _closeWhenSent;

    /// <summary>
    /// Replies alone have passed the high water: the client asks and does not read. Then it is not read.
    /// </summary>
    public bool IsCongested => Volatile.Read(ref _pendingUsed) + (long)Volatile.Read(ref _held) > _highWater * 2L
        || Volatile.Read(ref _looseBytes) > _looseMax;

    /// <summary>The socket has not taken yet what it was handed.</summary>
    public bool IsSending => Volatile.Read(ref _isSending);

    /// <summary>
    /// When bytes were last handed to the socket, in <see cref="Environment.TickCount64"/> milliseconds.
    /// </summary>
    public long LastSentMs { get; private set; } = Environment.TickCount64;

    /// <summary>
    /// Since when the socket has not taken what it was handed, in the same milliseconds; 0 if it has.
    /// </summary>
    public long SendingSinceMs => IsSending ? LastSentMs : 0;

    /// <summary>Room to write to on a channel; follow with <see cref="Advance"/>. Under the lock.</summary>
    public Span<byte> GetSpan(ushort channel, int size)
    {
        if (_lanes is not null && (_writingTo = LaneOf(channel)) is not null)
            return _writingTo.GetSpan(size);
        if (_pending.Length - _pendingUsed < size)
            Grow(size);
        return _pending.AsSpan(_pendingUsed);
    }

    public void Advance(int size, int frames = 1, MessageCounters? ofChannel = null)
    {
        // After the close nothing more is said.
        if (IsOver)
            return;
        if (_writingTo is null)
        {
            _pendingUsed += size;
        }
        else
        {
            _writingTo.Advance(size);
            _held += size;
        }
        Count(ofChannel, size, frames);
    }

    private void Count(MessageCounters? ofChannel, int size, int frames)
    {
        _counters.FramesSent += frames;
        if (ofChannel is null)
            return;
        ofChannel.BytesSent += size;
        ofChannel.FramesSent += frames;
    }

    /// <summary>Writes a method frame. Under the lock.</summary>
    public void Write<T>(ushort channel, in T method, MessageCounters? ofChannel = null)
        where T : IMethod<T>, allows ref struct
    {
        var span = GetSpan(channel, FrameWriter.MethodSize(method));
        Advance(FrameWriter.WriteMethod(span, channel, method), ofChannel: ofChannel);
    }

    /// <summary>Writes a method frame, taking the lock for it.</summary>
    public void Send<T>(ushort channel, in T method)
        where T : IMethod<T>, allows ref struct
    {
        lock (Lock)
            Write(channel, method);
    }

    /// <summary>Remembers that an offer found no room, to tell its shard when there is some. Under the lock.</summary>
    public void AddRefused(ushort channel, Shard shard, ShardWork retry) =>
        (LaneOf(channel)?.Refused ?? _refused).Add((shard, retry));

    /// <summary>Forgets a consumer that is cancelled. Under the lock.</summary>
    public void RemoveRefused(ushort channel, Consumer consumer)
    {
        _refused.RemoveAll(r => r.Retry == consumer.Retry);
        LaneOf(channel)?.Refused.RemoveAll(r => r.Retry == consumer.Retry);
    }

    /// <summary>Sends what waits, unless a send is under way: its end will. Never blocks. Without the lock.</summary>
    public void Flush()
    {
        var (sends, ended, reads, drops) = (false, false, false, false);
        lock (Lock)
        {
            if (!_isSending && !_isClosed)
            {
                sends = _pendingUsed > 0;
                if (sends)
                    StartSend();
                else
                    ended = _isClosed = _closeWhenSent;
            }
            if (_lanes is not null)
            {
                drops = IsOver;
                reads = BeginReading();
            }
        }
        if (drops)
            DropLanes();
        if (reads)
            ReadNext();
        if (ended)
            _ended(null);
        else if (sends)
            SendLoop();
    }

    /// <summary>Lets out what is written and nothing after it; then reports the end.</summary>
    public void CloseWhenSent()
    {
        lock (Lock)
            _closeWhenSent = true;
        Flush();
    }

    /// <summary>The socket is gone: what waits is dropped.</summary>
    public void Abandon()
    {
        lock (Lock)
        {
            _isClosed = true;
            _refused.Clear();
            if (!_isSending)
                ReturnBuffers();
        }
        DropLanes();
    }

    /// <summary>Tells the shards of refused consumers to try again. Without the lock.</summary>
    public static void Retry(ReadOnlySpan<Consumer> consumers)
    {
        foreach (var consumer in consumers)
            consumer.Queue.Shard.Post(consumer.Retry);
    }

    /// <summary>Asks to hear of the end of congestion; false if there is none.</summary>
    public bool AwaitUncongested()
    {
        lock (Lock)
        {
            _congestionAwaited = IsCongested && !_isClosed;
            return _congestionAwaited;
        }
    }

    // Under the lock.
    private void StartSend()
    {
        (_pending, _sending) = (_sending, _pending);
        _sendingUsed = _pendingUsed;
        _pendingUsed = 0;
        _hasPiece = false;
        _isSending = true;
        if (_traces is not null)
            TraceSent(_sending.AsSpan(0, _sendingUsed));
        _counters.Sends++;
        _counters.BytesSent += _sendingUsed;
        LastSentMs = Environment.TickCount64;
    }

#pragma warning disable CA2012 // The awaiter is kept so that a send that ends later allocates nothing; it is used once.
    // Only the thread that set _isSending is in here.
    private void SendLoop()
    {
        try
        {
            var rounds = RoundsInline;
            do
            {
                if (rounds-- == 0)
                {
                    _scheduler.Run(this);
                    return;
                }
                // The one send there is at a time: awaited here, or by OnSent, once.
                var slice = _sending.AsMemory(_sent, Math.Min(SliceMax, _sendingUsed - _sent));
                _sent += slice.Length;
                var send = _stream.WriteAsync(slice).ConfigureAwait(false).GetAwaiter();
                if (!send.IsCompleted)
                {
                    _send = send;
                    send.UnsafeOnCompleted(_onSent);
                    return;
                }
                send.GetResult();
            }
            while (AfterSend());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Fail(e);
        }
    }

#pragma warning restore CA2012

    void IThreadPoolWorkItem.Execute() => SendLoop();

    private void OnSent()
    {
        try
        {
            _send.GetResult();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Fail(e);
            return;
        }
        if (AfterSend())
            SendLoop();
    }

    // True if there is more to send now.
    private bool AfterSend()
    {
        LastSentMs = Environment.TickCount64;
        if (_sent < _sendingUsed)
            return true;
        (Shard Shard, ShardWork Retry)[]? retries = null;
        var ended = false;
        var more = false;
        var uncongested = false;
        var reads = false;
        lock (Lock)
        {
            _sendingUsed = 0;
            _sent = 0;
            if (_pendingUsed > 0 && !_isClosed)
            {
                StartSend();
                more = true;
            }
            else
            {
                _isSending = false;
                ReturnBuffers();
                ended = _closeWhenSent && !_isClosed;
                _isClosed |= ended;
            }
            if (_refused.Count > 0 && Waiting <= _highWater / 2)
            {
                retries = [.. _refused];
                _refused.Clear();
            }
            uncongested = _congestionAwaited && !IsCongested;
            _congestionAwaited &= !uncongested;
            reads = BeginReading();
        }
        if (reads)
            ReadNext();
        foreach (var (shard, retry) in retries ?? [])
            shard.Post(retry);
        if (uncongested)
            Uncongested?.Invoke();
        if (ended)
            _ended(null);
        return more;
    }

    private void Fail(Exception e)
    {
        bool wasClosed;
        lock (Lock)
        {
            wasClosed = _isClosed;
            _isSending = false;
            _isClosed = true;
            ReturnBuffers();
        }
        DropLanes();
        if (!wasClosed)
            _ended(e);
    }

    // Under the lock.
    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_pending.Length - _pendingUsed < bytes.Length)
            Grow(bytes.Length);
        bytes.CopyTo(_pending.AsSpan(_pendingUsed));
        _pendingUsed += bytes.Length;
    }

    private void Grow(int size)
    {
        var needed = Math.Max(SmallestBuffer, Math.Max(checked(_pendingUsed + size), _pending.Length * 2));
        var grown = ArrayPool<byte>.Shared.Rent(needed);
        _pending.AsSpan(0, _pendingUsed).CopyTo(grown);
        if (_pending.Length > 0)
            ArrayPool<byte>.Shared.Return(_pending);
        _pending = grown;
    }

    private void ReturnBuffers()
    {
        if (_pending.Length > 0)
            ArrayPool<byte>.Shared.Return(_pending);
        if (_sending.Length > 0)
            ArrayPool<byte>.Shared.Return(_sending);
        _pending = _sending = [];
        _pendingUsed = _sendingUsed = _sent = 0;
    }
}
