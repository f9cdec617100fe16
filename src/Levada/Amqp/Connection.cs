using System.Buffers;
using System.Net;
using Levada.Catalog;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;
using Levada.Transports;
using Microsoft.Extensions.Logging;

namespace Levada.Amqp;

/// <summary>
/// One client's connection: reads its bytes, hands frames to channels, posts what they ask of shards once per read.
/// Everything of a connection and its channels belongs to whoever holds the turn (lock: _turn, the only one under which
/// others are taken), except what is said to be under the outbox lock. The reading loop takes the turn once per read;
/// answers that come from elsewhere take it through <see cref="RunOnTurn"/>.
/// </summary>
public sealed partial class Connection : IPublisher, IDisposable
{
    private const int ReadBufferSize = 128 * 1024;

    private readonly Lock _turn = new();
    private readonly Stream _stream;
    private readonly Transport _transport;
    private readonly ILogger _logger;
    private readonly PostBatch?[] _batches;
    private readonly List<Channel> _confirming = [];
    private readonly AsyncSignal _readAgain;

    private byte[] _buffer = [];
    private int _bufferUsed;
    private volatile bool _stopReading;

    /// <param name="broker">Whose connection it is.</param>
    /// <param name="transport">How its bytes come, and who sends them.</param>
    internal Connection(Broker broker, Transport transport)
    {
        Broker = broker;
        _transport = transport;
        _stream = transport.Stream;
        _readAgain = new AsyncSignal(broker.Scheduler);
        _logger = broker.ConnectionLogger;
        ConnectedAt = broker.Time.GetUtcNow();
        Outbox = new Outbox(
            _stream, broker.Options.OutboxHighWater, broker.Options.UnfinishedMax, Counters, broker.Scheduler,
            OnOutboxEnded);
        Outbox.Uncongested = ReadAgain;
        _batches = new PostBatch?[broker.Shards.Count];
        _frameMax = Frame.MinSize;
        LastReceivedMs = StartedMs = _stateSinceMs = transport.AcceptedMs;
        _deadlineMs = StartedMs + (long)broker.Options.HandshakeTimeout.TotalMilliseconds;
    }

    internal Broker Broker { get; }

    /// <summary>Its number among the broker's connections; 0 until it is added to them.</summary>
    public long Id { get; internal set; }

    internal Outbox Outbox { get; }

    /// <summary>The client's end; if a proxy told of it, the end that it told.</summary>
    public EndPoint? Peer => _transport.Peer;

    public bool IsTls => _transport.IsEncrypted;

    /// <summary>`peer:port -> host:port`, as RabbitMQ names connections.</summary>
    public string Name => _transport.Name;

    /// <summary>Null until the client has opened one.</summary>
    public VHost? VHost { get; internal set; }

    /// <summary>In <see cref="Environment.TickCount64"/> milliseconds.</summary>
    internal long StartedMs { get; }

    internal long LastReceivedMs { get; private set; }

    /// <summary>Reads until the connection ends, then puts back all it holds. Never throws.</summary>
    internal async Task RunAsync()
    {
        Exception? cause = null;
        try
        {
            // No method of its own for a read: one that waits would allocate each time.
            while (!_stopReading)
            {
                if (MayBeIdle)
                {
                    var readable = _stream.ReadAsync(Memory<byte>.Empty);
                    if (!readable.IsCompleted)
                        ReturnBuffer();
                    await readable;
                }
                if (!Received(await _stream.ReadAsync(FreeBuffer())))
                    break;
                ProcessBuffer();
                while ((_isHeldUp || MustPause) && !_stopReading)
                    await PauseAsync();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            cause = e;
        }
        catch (Exception e)
        {
            // Whatever it was, what the connection holds is put back.
            LogBroken(e, this, "reading");
            cause = e;
        }
        if (_stopReading && cause is null)
            await DiscardAsync();
        ReturnBuffer();
        Ended(cause);
    }

    // What the client still sends after the last word is taken and thrown away until it ends the stream, or the
    // deadline does: closing a socket with unread bytes resets it, and the client may lose what was sent last.
    private async Task DiscardAsync()
    {
        lock (_turn)
        {
            EndSessions(null);
            FinishTurn();
        }
        try
        {
            if (_buffer.Length == 0)
                GrowBuffer();
            while (await _stream.ReadAsync(_buffer) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Ended by a reset or the deadline, when all was said.
        }
        _bufferUsed = 0;
    }

    // Not read until there is room: silence meanwhile is not the client's (rule B5).
    private async Task PauseAsync()
    {
        Volatile.Write(ref _isPaused, true);
        if (ParkedBytes > Broker.Options.ParkedMax || Outbox.AwaitUncongested())
            await _readAgain.WaitAsync();
        LastReceivedMs = Environment.TickCount64;
        Volatile.Write(ref _isPaused, false);
        ProcessBuffer();
    }

    // Nothing is left over and the client is in no hurry: while there is nothing to read no buffer is held.
    private bool MayBeIdle => _bufferUsed == 0 && !_lastReadWasLarge;

    private Memory<byte> FreeBuffer()
    {
        if (_bufferUsed == _buffer.Length)
            GrowBuffer();
        return _buffer.AsMemory(_bufferUsed);
    }

    // False at the end of the stream, or if what was read is not wanted any more.
    private bool Received(int read)
    {
        _bufferUsed += read;
        _lastReadWasLarge = read > ReadBufferSize / 2;
        Counters.BytesReceived += read;
        Counters.Reads++;
        // Any octet is a sign of life (rule B1).
        LastReceivedMs = Environment.TickCount64;
        return read > 0 && !_stopReading;
    }

    private bool _lastReadWasLarge;

    // There are frames in the buffer that a pause kept from being handled: it may be over before anybody waits for its
    // end.
    private bool _isHeldUp;

    private void ProcessBuffer()
    {
        lock (_turn)
        {
            NowMs = Broker.Time.GetUtcNow().ToUnixTimeMilliseconds();
            RunReturned();
            var used = Process(_buffer.AsSpan(0, _bufferUsed));
            if (used > 0)
            {
                _buffer.AsSpan(used, _bufferUsed - used).CopyTo(_buffer);
                _bufferUsed -= used;
            }
            FinishTurn();
        }
        Outbox.Flush();
    }

    // Handles the whole frames there are; returns how many bytes they were.
    private int Process(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (!_stopReading)
        {
            try
            {
                ProcessFrames(bytes, ref at);
                return at;
            }
            catch (AmqpException e)
            {
                Fail(e);
            }
            catch (Exception e)
            {
                FailInternally(e);
            }
        }
        return bytes.Length;
    }

    // A broken invariant ends this connection, not the broker; the log has what the client cannot be told.
    private void FailInternally(Exception error)
    {
        var id = Guid.NewGuid().ToString("N")[..8];
        LogBroken(error, this, id);
        Fail(new AmqpException(ReplyCode.InternalError, $"see the broker's log, id {id}", ErrorScope.Connection, 0));
    }

    private void ProcessFrames(ReadOnlySpan<byte> bytes, ref int at)
    {
        _isHeldUp = false;
        if (State == ConnectionState.AwaitingHeader && !ReadProtocolHeader(bytes, ref at))
            return;
        while (bytes.Length - at >= Frame.HeaderSize && !_stopReading)
        {
            if (MustPause)
            {
                _isHeldUp = true;
                MarkThrottled();
                return;
            }
            // What was parked before is handled before: an answer may have come since the last frame.
            if (_resumable.Count > 0)
                ReplayResumable();
            var header = FrameHeader.Read(bytes[at..]);
            CheckHeader(header);
            var size = (int)header.Size + Frame.Overhead;
            if (bytes.Length - at < size)
                return;
            var frame = bytes.Slice(at, size);
            // Past it before it is handled: an error skips exactly this frame.
            at += size;
            Counters.FramesReceived++;
            if (Outbox.IsTraced)
                Outbox.TraceReceived(frame);
            if (frame[size - 1] != Frame.End)
                throw FrameError($"frame-end octet was {frame[size - 1]}, expected {Frame.End}");
            Handle(header, frame);
        }
    }

    // Decided on the header, before any of the payload is buffered (rules C3, C5).
    private void CheckHeader(FrameHeader header)
    {
        if (header.Type is not (Frame.Method or Frame.Header or Frame.Body or Frame.Heartbeat))
            throw FrameError($"unknown frame type {header.Type}");
        if (header.Size > _frameMax)
        {
            Broker.Limits.FrameSize.CountRefused();
            throw FrameError($"frame of {header.Size} octets is larger than the negotiated frame_max of {_frameMax}");
        }
    }

    internal static AmqpException FrameError(string text, uint method = 0) =>
        new(ReplyCode.FrameError, text, ErrorScope.Connection, method);

    /// <summary>Handles a frame that a session of the same number had parked before it ended.</summary>
    internal void Dispatch(ReadOnlySpan<byte> frame)
    {
        var header = FrameHeader.Read(frame);
        // It came before the client's connection.close, so it is still carried out.
        if (_closeRequested && !_sessionsEnding)
            HandleOnChannel(header, frame, frame[Frame.HeaderSize..^1]);
        else
            Handle(header, frame);
    }

    private void Handle(FrameHeader header, ReadOnlySpan<byte> frame)
    {
        var payload = frame[Frame.HeaderSize..^1];
        _frameChannel = header.Channel;
        if (header.Channel != 0 && State == ConnectionState.Running)
        {
            HandleOnChannel(header, frame, payload);
            return;
        }
        _current = null;
        if (header.Type == Frame.Heartbeat)
        {
            HandleHeartbeat(header, payload);
            return;
        }
        if (State == ConnectionState.Closing)
        {
            HandleWhileClosing(header, payload);
            return;
        }
        if (header.Type != Frame.Method)
        {
            if (State == ConnectionState.Starting)
            {
                DropEarly("content");
                return;
            }
            throw new AmqpException(
                ReplyCode.UnexpectedFrame, "expected method frame, got non method frame on channel 0 instead",
                ErrorScope.Connection, 0);
        }
        if (payload.Length < 4)
            throw FrameError("method frame without a method");
        HandleConnectionMethod(header.Channel, FrameMethod(payload), payload[4..]);
    }

    internal static uint FrameMethod(ReadOnlySpan<byte> payload) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(payload);

    // Rule B4.
    private static void HandleHeartbeat(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Channel != 0)
            throw new AmqpException(ReplyCode.UnexpectedFrame, "heartbeat on a channel", ErrorScope.Connection, 0);
        if (!payload.IsEmpty)
            throw FrameError("heartbeat with a payload");
    }

    /// <summary>The batch for a shard that this read fills.</summary>
    internal PostBatch Batch(Shard shard) => _batches[shard.Id.Value] ??= PostBatch.Rent(this);

    /// <summary>Has the channel's confirms opened when the batches are posted.</summary>
    internal void PostConfirms(Channel channel) => _confirming.Add(channel);

    /// <summary>
    /// Posts what was gathered: the point of order. Before a channel asks anything, and at the end of a turn.
    /// </summary>
    internal void PostBatches()
    {
        foreach (var channel in _confirming)
            channel.OpenConfirms(_batches);
        _confirming.Clear();
        for (var i = 0; i < _batches.Length; i++)
        {
            if (_batches[i] is not { } batch)
                continue;
            _batches[i] = null;
            SpendCredit(batch.MessageBytes);
            Broker.Shards[i].Post(batch);
        }
        if (_retries.Count == 0)
            return;
        Consumer[] retries = [.. _retries];
        _retries.Clear();
        Outbox.Retry(retries);
    }

    private void GrowBuffer()
    {
        // Doubling with what really arrived: a frame header alone makes nobody allocate what it claims.
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(ReadBufferSize, _buffer.Length * 2));
        _buffer.AsSpan(0, _bufferUsed).CopyTo(grown);
        ReturnArray();
        _buffer = grown;
    }

    private void ReturnBuffer()
    {
        if (_bufferUsed == 0)
            ReturnArray();
    }

    private void ReturnArray()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
