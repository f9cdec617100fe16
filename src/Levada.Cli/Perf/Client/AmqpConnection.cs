using System.Net.Security;
using System.Net.Sockets;
using Levada.Protocol;

namespace Levada.Cli.Perf.Client;

/// <summary>
/// A connection for load generation, for one thread: blocking sockets, because a thread that waits in the kernel is
/// the cheapest client there is. Frames to send are gathered in <see cref="Out"/> until <see cref="Flush"/>; frames
/// received are handed out where they lie in the buffer. Who wants heartbeats sends them itself.
/// </summary>
internal sealed class AmqpConnection : IDisposable
{
    /// <summary>Octets after which gathered frames should be flushed.</summary>
    public const int FlushSize = 64 * 1024;

    // How long a blocking read sleeps before the caller can look whether the run is over.
    private const int ReadTimeoutMs = 200;
    private const int HandshakeTimeoutMs = 10_000;
    private const int ReplyTimeoutMs = 60_000;
    private const int CloseTimeoutMs = 2_000;
    private const int StandardBufferSize = 128 * 1024;

    private readonly Socket _socket;
    private readonly SslStream? _tls;
    private byte[] _buffer;
    private int _start;
    private int _end;

    private AmqpConnection(Socket socket, SslStream? tls, int bufferSize)
    {
        _socket = socket;
        _tls = tls;
        _buffer = GC.AllocateUninitializedArray<byte>(bufferSize);
        Out = new ByteBuffer(Math.Min(bufferSize, FlushSize));
    }

    public ByteBuffer Out { get; }

    /// <summary>The negotiated limit of a whole frame in octets.</summary>
    public int FrameMax { get; private set; } = Frame.MinSize;

    /// <summary>Octets wait in the kernel, so that <see cref="Receive"/> does not.</summary>
    public bool HasInput => _socket.Available > 0;

    /// <summary>
    /// Sleeps until octets come or the time (of <see cref="MonotonicClock"/>, in nanoseconds) is there.
    /// </summary>
    public void WaitForInput(long untilNanoseconds)
    {
        var wait = untilNanoseconds - MonotonicClock.Now;
        // The kernel counts milliseconds here: the last one is slept without looking at the socket.
        if (wait > 2_000_000 && _socket.Poll((int)(wait / 1_000_000 - 1) * 1000, SelectMode.SelectRead)) return;
        MonotonicClock.SleepUntil(untilNanoseconds);
    }

    /// <summary>Connects, logs in and opens the virtual host.</summary>
    /// <param name="bufferSize">Octets to receive at once; it grows for larger frames.</param>
    /// <param name="heartbeatSeconds">What to agree on; 0 for none.</param>
    /// <exception cref="IOException">The broker cannot be reached or refuses.</exception>
    public static AmqpConnection Open(
        AmqpUri uri, string name, Action<Socket>? configure = null, int bufferSize = StandardBufferSize,
        ushort heartbeatSeconds = 0)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        AmqpConnection? connection = null;
        try
        {
            configure?.Invoke(socket);
            socket.ReceiveTimeout = HandshakeTimeoutMs;
            socket.Connect(uri.Host, uri.Port);
            connection = new AmqpConnection(socket, uri.Tls ? OpenTls(socket, uri) : null, bufferSize);
            connection.Handshake(uri, name, heartbeatSeconds);
            socket.ReceiveTimeout = ReadTimeoutMs;
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            socket.Dispose();
            if (e is AmqpException) throw;
            throw new IOException($"cannot connect to {uri}: {e.Message}", e);
        }
    }

    /// <summary>Sends a heartbeat and takes what came; for a connection that does nothing else.</summary>
    /// <exception cref="AmqpException">The broker closed the connection, or a channel.</exception>
    public void Beat()
    {
        FrameWriter.WriteHeartbeat(Out);
        Flush();
        while (HasInput && Receive())
        {
            while (TryReadFrame(out var header, out var payload)) HandleOther(header, payload);
        }
    }

    /// <summary>Opens a channel.</summary>
    public void OpenChannel(ushort channel) => Call<ChannelOpen, ChannelOpenOk>(channel, default);

    /// <summary>Sends a method and waits for its reply. Content that arrives meanwhile is dropped.</summary>
    /// <exception cref="AmqpException">The broker closed the channel or connection instead.</exception>
    public TReply Call<TMethod, TReply>(ushort channel, in TMethod method)
        where TMethod : struct, IMethod<TMethod>
        where TReply : struct, IMethod<TReply>
    {
        FrameWriter.WriteMethod(Out, channel, method);
        Flush();
        return Await<TReply>(channel);
    }

    /// <summary>Waits for a method on a channel.</summary>
    public TReply Await<TReply>(ushort channel, int timeoutMs = ReplyTimeoutMs) where TReply : struct, IMethod<TReply>
    {
        var deadline = Environment.TickCount64 + timeoutMs;
        while (true)
        {
            while (TryReadFrame(out var header, out var payload))
            {
                if (header.Type == Frame.Method && header.Channel == channel && IdOf(payload) == TReply.Id)
                {
                    return TReply.TryRead(payload[4..], out var reply) ? reply : throw Garbled(TReply.Id);
                }
                HandleOther(header, payload);
            }
            if (!Receive() && Environment.TickCount64 > deadline)
            {
                throw new AmqpException($"no {MethodId.Name(TReply.Id)} within {timeoutMs / 1000} s");
            }
        }
    }

    /// <summary>The next whole frame of what has been received; valid until the next <see cref="Receive"/>.</summary>
    public bool TryReadFrame(out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        var received = _buffer.AsSpan(_start, _end - _start);
        if (received.Length >= Frame.Overhead)
        {
            header = FrameHeader.Read(received);
            var size = (int)header.Size;
            if (size <= received.Length - Frame.Overhead)
            {
                if (received[Frame.HeaderSize + size] != Frame.End) throw new AmqpException("a frame without its end");
                payload = received.Slice(Frame.HeaderSize, size);
                _start += size + Frame.Overhead;
                return true;
            }
        }
        header = default;
        payload = default;
        return false;
    }

    /// <summary>Waits for octets; false when none came for a fifth of a second.</summary>
    /// <exception cref="IOException">The broker is gone.</exception>
    public bool Receive()
    {
        MakeRoom();
        int received;
        if (_tls is null)
        {
            received = _socket.Receive(_buffer.AsSpan(_end), SocketFlags.None, out var error);
            if (error is SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted) return false;
            if (error != SocketError.Success) throw new IOException($"the connection broke: {error}");
        }
        else
        {
            try
            {
                received = _tls.Read(_buffer.AsSpan(_end));
            }
            catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut })
            {
                return false;
            }
        }
        if (received == 0) throw new IOException("the broker closed the connection");
        _end += received;
        return true;
    }

    /// <summary>Sends what was gathered.</summary>
    public void Flush()
    {
        if (Out.Length == 0) return;
        Send(Out.WrittenSpan);
        Out.Clear();
    }

    /// <summary>
    /// Takes what the caller did not expect: heartbeats and notices pass, a close of the channel or connection throws.
    /// </summary>
    public void HandleOther(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type != Frame.Method) return;
        var args = payload.Length >= 4 ? payload[4..] : default;
        switch (IdOf(payload))
        {
            case MethodId.ConnectionClose when ConnectionClose.TryRead(args, out var close):
                FrameWriter.WriteMethod(Out, 0, new ConnectionCloseOk());
                Flush();
                throw new AmqpException(close.ReplyCode, close.ReplyText);
            case MethodId.ChannelClose when ChannelClose.TryRead(args, out var close):
                FrameWriter.WriteMethod(Out, header.Channel, new ChannelCloseOk());
                Flush();
                throw new AmqpException(close.ReplyCode, close.ReplyText);
            case MethodId.BasicCancel:
                throw new AmqpException("the broker cancelled the consumer: its queue is gone");
            case MethodId.ConnectionBlocked when ConnectionBlocked.TryRead(args, out var blocked):
                Console.Error.WriteLine($"Blocked by the broker: {blocked.Reason}");
                break;
            case MethodId.ConnectionUnblocked:
                Console.Error.WriteLine("Unblocked by the broker");
                break;
        }
    }

    /// <summary>Says good-bye, and waits a little for the answer: what was sent before has been read then.</summary>
    public void Close()
    {
        try
        {
            FrameWriter.WriteMethod(Out, 0, new ConnectionClose(ReplyCode.Success, "done", 0, 0));
            Flush();
            Await<ConnectionCloseOk>(0, CloseTimeoutMs);
        }
        catch (IOException)
        {
            // It is over in any case.
        }
        Dispose();
    }

    /// <summary>For another thread: ends whatever the owner of the connection is waiting for.</summary>
    public void Abort() => _socket.Dispose();

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
        Out.Dispose();
    }

    public static uint IdOf(ReadOnlySpan<byte> payload) =>
        System.Buffers.Binary.BinaryPrimitives.TryReadUInt32BigEndian(payload, out var id) ? id : 0;

    private static AmqpException Garbled(uint id) => new($"a garbled {MethodId.Name(id)}");

    private static SslStream OpenTls(Socket socket, AmqpUri uri)
    {
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = uri.Host,
            RemoteCertificateValidationCallback = (_, _, _, errors) => uri.Insecure || errors == SslPolicyErrors.None,
        });
        return tls;
    }

    private void Handshake(AmqpUri uri, string name, ushort heartbeatSeconds)
    {
        Send(Frame.ProtocolHeader);
        while (_end - _start < Frame.HeaderSize) Receive();
        if (_buffer.AsSpan(_start).StartsWith("AMQP"u8))
        {
            throw new AmqpException("the broker wants another protocol than AMQP 0-9-1");
        }
        Await<ConnectionStart>(0, HandshakeTimeoutMs);
        var response = System.Text.Encoding.UTF8.GetBytes($"\0{uri.User}\0{uri.Password}");
        FrameWriter.WriteMethod(Out, 0, new ConnectionStartOk(ClientProperties(name), "PLAIN", response, "en_US"));
        Flush();
        var tune = Await<ConnectionTune>(0, HandshakeTimeoutMs);
        FrameMax = tune.FrameMax == 0 ? 131072 : (int)Math.Min(tune.FrameMax, 1 << 20);
        FrameWriter.WriteMethod(Out, 0, new ConnectionTuneOk(tune.ChannelMax, (uint)FrameMax, heartbeatSeconds));
        Call<ConnectionOpen, ConnectionOpenOk>(0, new ConnectionOpen(uri.VirtualHost));
    }

    private static FieldTable ClientProperties(string name) => new FieldTable()
        .Add("product", "levada perf")
        .Add("platform", ".NET")
        .Add("connection_name", name)
        .Add("capabilities", new FieldTable()
            .Add("authentication_failure_close", true)
            .Add("basic.nack", true)
            .Add("connection.blocked", true)
            .Add("consumer_cancel_notify", true)
            .Add("publisher_confirms", true));

    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (_tls is not null)
        {
            _tls.Write(bytes);
            return;
        }
        while (!bytes.IsEmpty)
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            if (error != SocketError.Success) throw new IOException($"the connection broke: {error}");
            bytes = bytes[sent..];
        }
    }

    /// <summary>
    /// Moves the unread octets to the front when little room is left behind them; grows for a large frame.
    /// </summary>
    private void MakeRoom()
    {
        if (_start == _end) _start = _end = 0;
        if (_buffer.Length - _end >= _buffer.Length / 2) return;
        var unread = _end - _start;
        var target = unread > _buffer.Length / 2
            ? GC.AllocateUninitializedArray<byte>(_buffer.Length * 2)
            : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, unread);
        _buffer = target;
        _start = 0;
        _end = unread;
    }
}
