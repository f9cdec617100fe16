using System.Net;
using System.Net.Sockets;
using Levada.Protocol;

namespace Levada.Tests;

/// <summary>
/// A client that speaks frames: it does what the test says, right or wrong, and nothing by itself. Receiving is strict:
/// the next frame (heartbeats aside) must be the expected one, so that an extra frame fails the test. One thread.
/// </summary>
public sealed partial class RawConnection : IDisposable
{
    /// <summary>How long anything expected may take, on a machine that is busy with other tests.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ByteBuffer _out = new();
    private readonly byte[] _in = new byte[256 * 1024];
    private int _inStart;
    private int _inEnd;
    private bool _holding;
    private RawFrame? _pushedBack;

    private RawConnection(Socket socket)
    {
        Socket = socket;
        if (socket.AddressFamily != AddressFamily.Unix) socket.NoDelay = true;
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        socket.SendTimeout = (int)Patience.TotalMilliseconds;
    }

    public Socket Socket { get; }

    /// <summary>The frame_max that was agreed on; splits the bodies that are published.</summary>
    public int FrameMax { get; private set; } = 131_072;

    /// <summary>What the server proposed.</summary>
    public ConnectionTune Tune { get; private set; }

    /// <summary>What the server said of itself.</summary>
    public ConnectionStart Start { get; private set; }

    /// <summary>Heartbeats that came in so far.</summary>
    public int Heartbeats { get; private set; }

    /// <summary>The connection's name as the broker writes it (rule A23).</summary>
    public string Name => $"{Socket.LocalEndPoint} -> {Socket.RemoteEndPoint}";

    /// <summary>The TCP connection alone; nothing is sent.</summary>
    public static RawConnection Connect(TestBroker broker, int receiveBuffer = 0)
    {
        var socket = new Socket(broker.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer > 0) socket.ReceiveBufferSize = receiveBuffer;
        socket.Connect(broker.Address, broker.Port);
        return new RawConnection(socket);
    }

    /// <summary>A connection that is open: the whole handshake done.</summary>
    public static RawConnection Open(TestBroker broker, Login? login = null, int receiveBuffer = 0)
    {
        var connection = Connect(broker, receiveBuffer);
        connection.Open(login ?? new Login());
        return connection;
    }

    /// <summary>A connection to one of a broker's listeners, or a broker in a process of its own; open.</summary>
    public static RawConnection Open(EndPoint listener)
    {
        var connection = Connect(listener);
        connection.Open(new Login());
        return connection;
    }

    /// <summary>A connection to one of a broker's listeners; nothing is sent.</summary>
    public static RawConnection Connect(EndPoint listener)
    {
        var isUnix = listener.AddressFamily == AddressFamily.Unix;
        var protocol = isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp;
        var socket = new Socket(listener.AddressFamily, SocketType.Stream, protocol);
        socket.Connect(listener);
        return new RawConnection(socket);
    }

    /// <summary>A connection with channel 1 open.</summary>
    public static RawConnection OpenWithChannel(TestBroker broker, Login? login = null)
    {
        var connection = Open(broker, login);
        connection.OpenChannel(1);
        return connection;
    }

    /// <summary>Protocol header to tune-ok; what is left is connection.open.</summary>
    public void Handshake(Login login)
    {
        SendStartOk(login);
        Tune = Expect<ConnectionTune>(0);
        Send(0, new ConnectionTuneOk(login.ChannelMax, login.FrameMax, login.Heartbeat));
        FrameMax = login.FrameMax == 0 ? int.MaxValue : (int)login.FrameMax;
    }

    /// <summary>Protocol header to start-ok, by PLAIN; what comes next depends on the password.</summary>
    public void SendStartOk(Login login)
    {
        Send(Frame.ProtocolHeader);
        Start = Expect<ConnectionStart>(0);
        Send(0, new ConnectionStartOk(login.ClientProperties, "PLAIN", login.PlainResponse, "en_US"));
    }

    /// <summary>The whole handshake.</summary>
    public void Open(Login login)
    {
        Handshake(login);
        Send(0, new ConnectionOpen(login.VHost));
        Expect<ConnectionOpenOk>(0);
    }

    public void OpenChannel(ushort channel)
    {
        Send(channel, new ChannelOpen());
        Expect<ChannelOpenOk>(channel);
    }

    public void CloseChannel(ushort channel)
    {
        Send(channel, new ChannelClose(200, "bye", 0, 0));
        Expect<ChannelCloseOk>(channel);
    }

    /// <summary>Closes in order: connection.close, close-ok, end of the stream from both sides.</summary>
    public void Close()
    {
        Send(0, new ConnectionClose(200, "bye", 0, 0));
        Expect<ConnectionCloseOk>(0);
        Socket.Shutdown(SocketShutdown.Send);
        ExpectEnd();
    }

    /// <summary>Ends the TCP connection with a reset, as a client that crashed with unread data.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose()
    {
        Socket.Dispose();
        _out.Dispose();
    }

    public override string ToString() => Socket.LocalEndPoint is IPEndPoint local ? $"from {local}" : "closed";
}
