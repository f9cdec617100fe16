using System.Net;
using Levada.Amqp;
using Levada.Protocol;
using Levada.Transports;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>
/// One connection and the client at its far end. It sends what its channels decide and checks every frame that comes
/// back. It reads when the simulation lets it, so it may know less than the broker has said already.
/// </summary>
internal sealed partial class SimulatedClient
{
    public const int FrameMax = Frame.MinSize;

    private readonly ByteQueue _in = new();
    private readonly Dictionary<ushort, Queue<SimulatedChannel>> _channels = [];
    private readonly HashSet<ushort> _mayBeClosedWith = [];

    public SimulatedClient(World world, int slot, int number, int capacity)
    {
        World = world;
        Slot = slot;
        Name = $"c{number}";
        WantsCancelNotify = world.Dice.Chance(80);
        ReadPercent = world.Dice.Pick<int>([100, 100, 50, 10]);
        Stream = new SimulatedStream(world.Scheduler, capacity);
        var local = new IPEndPoint(IPAddress.Loopback, 5672);
        var peer = new IPEndPoint(IPAddress.Loopback, 10_000 + number);
        Connection = new Connection(world.Broker, new Transport(Stream, peer, local, Stream.Shutdown));
        world.Broker.Connections.Add(Connection);
        Reading = Connection.RunAsync();
        Stream.Send(Frame.ProtocolHeader);
    }

    public World World { get; }

    /// <summary>Its place among the clients; the next connection in that place takes over its names.</summary>
    public int Slot { get; }

    public string Name { get; }

    public SimulatedStream Stream { get; }

    /// <summary>The broker's side of it.</summary>
    public Connection Connection { get; }

    /// <summary>The broker's reading loop.</summary>
    public Task Reading { get; }

    public bool WantsCancelNotify { get; }

    /// <summary>How often it reads when it could.</summary>
    public int ReadPercent { get; }

    public ClientState State { get; private set; }

    /// <summary>close-ok has come: what was exclusive to it is free.</summary>
    public bool WasClosedCleanly { get; private set; }

    /// <summary>
    /// An alarm holds publishes back while it closes: they, and what is behind them, may be dropped.
    /// </summary>
    public bool MayDropTheRest { get; set; }

    public bool IsOpen => State == ClientState.Open;

    /// <summary>The sessions that frames may come for, oldest first on each number.</summary>
    public IEnumerable<SimulatedChannel> Sessions => _channels.Values.SelectMany(static q => q);

    /// <summary>The session that a number's next frames are sent to, if it is open for sending.</summary>
    public SimulatedChannel? Current(ushort number) =>
        _channels.TryGetValue(number,
            out var sessions) && sessions.Count > 0 && sessions.Last() is { IsUsable: true } last
            ? last
            : null;

    public bool IsFree(ushort number) => !_channels.TryGetValue(number, out var sessions) || sessions.Count == 0;

    /// <summary>Opens a number; the session before may still wait for its close-ok.</summary>
    public SimulatedChannel OpenChannel(ushort number)
    {
        if (!_channels.TryGetValue(number, out var sessions))
            _channels.Add(number, sessions = new Queue<SimulatedChannel>());
        var session = new SimulatedChannel(this, number, World.NextSession());
        sessions.Enqueue(session);
        session.Open();
        return session;
    }

    public void Send<T>(ushort channel, in T method)
        where T : IMethod<T>, allows ref struct
    {
        World.Log.Note($"{Name}.{channel} -> {MethodId.Name(T.Id)}");
        using var buffer = new ByteBuffer();
        FrameWriter.WriteMethod(buffer, channel, method);
        Stream.Send(buffer.WrittenSpan);
    }

    public void Publish(ushort channel, in BasicPublish publish, BasicProperties properties, ReadOnlySpan<byte> body)
    {
        using var buffer = new ByteBuffer();
        FrameWriter.WriteContent(buffer, channel, publish, properties.ToBytes(), body, FrameMax);
        Stream.Send(buffer.WrittenSpan);
    }

    /// <summary>An operator closes it.</summary>
    public bool IsForced => _mayBeClosedWith.Contains(ReplyCode.ConnectionForced);

    public void MayBeClosedWith(ushort code) => _mayBeClosedWith.Add(code);

    /// <summary>Sends connection.close; what comes before close-ok is still read.</summary>
    public void Close()
    {
        State = ClientState.Closing;
        MayDropTheRest |= World.Broker.Alarms.IsRaised;
        Send(0, new ConnectionClose(200, "bye", 0, 0));
    }

    /// <summary>Gone without a word.</summary>
    public void Cut()
    {
        World.Log.Note($"{Name} is cut");
        Stream.Cut();
        Over();
    }

    /// <summary>The process of the broker is gone.</summary>
    public void Over()
    {
        State = ClientState.Over;
        foreach (var session in Sessions.ToArray())
            session.Die();
        _channels.Clear();
    }

    private void HandleConnectionMethod(uint method, ReadOnlySpan<byte> args)
    {
        World.Log.Note($"{Name} <- {MethodId.Name(method)}");
        switch (method)
        {
            case MethodId.ConnectionStart:
                Send(0, new ConnectionStartOk(Properties(), "PLAIN", "\0guest\0guest"u8.ToArray(), "en_US"));
                break;
            case MethodId.ConnectionTune:
                Send(0, new ConnectionTuneOk(2047, FrameMax, 0));
                Send(0, new ConnectionOpen("/"));
                break;
            case MethodId.ConnectionOpenOk when State == ClientState.Handshaking:
                State = ClientState.Open;
                break;
            case MethodId.ConnectionClose when ConnectionClose.TryRead(args, out var close):
                ClosedByServer(close);
                break;
            case MethodId.ConnectionCloseOk when State == ClientState.Closing:
                CloseOk();
                break;
            case MethodId.ConnectionCloseOk when State == ClientState.Over:
            case MethodId.ConnectionBlocked or MethodId.ConnectionUnblocked:
                break;
            default:
                throw new SimulationFailure(S13_one_reply_in_order, $"{Name}: {MethodId.Name(method)} in {State}");
        }
    }

    private void ClosedByServer(ConnectionClose close)
    {
        if (!_mayBeClosedWith.Contains(close.ReplyCode))
            throw new SimulationFailure(S16_errors_have_a_cause, $"{Name}: {close}");
        Send(0, new ConnectionCloseOk());
        Stream.End();
        Over();
    }

    // Everything that was sent before the close has been carried out (rule E1).
    private void CloseOk()
    {
        foreach (var session in Sessions.Where(_ => !MayDropTheRest).ToArray())
            session.ConnectionClosed();
        WasClosedCleanly = true;
        Stream.End();
        Over();
    }

    private FieldTable Properties() => new FieldTable().Add(
        "capabilities",
        new FieldTable().Add("consumer_cancel_notify", WantsCancelNotify).Add("connection.blocked", true));

    public override string ToString() => Name;
}
