using System.Runtime.CompilerServices;
using Levada.Amqp;
using Levada.Protocol;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>
/// One session of one channel number, seen from the client: what it has sent and not seen carried out, and what it may
/// still be sent. All that a client can know comes from the frames of its own channel, in their order.
/// </summary>
internal sealed partial class SimulatedChannel(SimulatedClient client, ushort number, int session)
{
    private readonly Queue<Sent> _sent = new();
    private bool _closeSent;
    private bool _closedByServer;
    private bool _isOpen;

    // A mistake was sent: nothing that comes after it counts.
    private bool _isDoomed;

    // What the item of _sent that is being answered was answered with.
    private uint _reply;

    public SimulatedClient Client { get; } = client;

    public World World { get; } = client.World;

    public ushort Number { get; } = number;

    /// <summary>A number that no other session of the run has.</summary>
    public int Session { get; } = session;

    public ChannelMode Mode { get; private set; }

    /// <summary>Frames may be sent on it.</summary>
    public bool IsUsable => !_closeSent && !_closedByServer && !IsOver;

    /// <summary>Nothing more comes for it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Sent, and not yet known to be carried out.</summary>
    public int Unanswered => _sent.Count(static s => s.Replies.Length > 0);

    public void Open() => Ask(new ChannelOpen(), new Sent(MethodId.ChannelOpen)
    {
        Replies = [MethodId.ChannelOpenOk],
        Done = () => _isOpen = true,
    });

    /// <summary>Sends channel.close; the number can be opened again at once.</summary>
    public void Close()
    {
        Ask(new ChannelClose(200, "bye", 0, 0), new Sent(MethodId.ChannelClose)
        {
            Replies = [MethodId.ChannelCloseOk],
        });
        _closeSent = true;
    }

    /// <summary>Sends a method.</summary>
    public void Ask<T>(in T method, Sent sent)
        where T : IMethod<T>
    {
        _isDoomed |= sent.MustFail;
        _sent.Enqueue(sent);
        Client.Send(Number, method);
    }

    /// <summary>Sends a method that is answered by one other, unless it says that it need not be.</summary>
    public void Request<T>(in T method, uint reply, bool noWait = false, params ushort[] mayFailWith)
        where T : IMethod<T> =>
        Ask(method, new Sent(T.Id) { Replies = noWait ? [] : [reply], MayFailWith = mayFailWith });

    /// <summary>Sends a method that closes the channel with this code; what comes after it is discarded.</summary>
    public void Mistake<T>(in T method, uint reply, ushort code)
        where T : IMethod<T> =>
        Ask(method, new Sent(T.Id) { Replies = reply == 0 ? [] : [reply], MayFailWith = [code], MustFail = true });

    /// <summary>Sends something that closes the connection with this code.</summary>
    public void BigMistake<T>(in T method, ushort code)
        where T : IMethod<T>
    {
        Client.MayBeClosedWith(code);
        Ask(method, new Sent(T.Id) { MustFail = true });
    }

    /// <summary>The session is over, with nobody knowing what of the rest was carried out.</summary>
    public void Die()
    {
        if (IsOver)
            return;
        IsOver = true;
        ForgetSent();
        EndTransaction();
        _held.Clear();
    }

    /// <summary>The connection's close-ok has come: everything was carried out before it (rule E1).</summary>
    public void ConnectionClosed()
    {
        while (!_closedByServer && _sent.TryDequeue(out var sent))
        {
            if (sent.MustFail)
                throw Unpunished(sent);
            if (sent.Replies.Length > 0)
                throw Failure(S13_one_reply_in_order,
                    $"no reply to {MethodId.Name(sent.Method)} before connection.close-ok");
            sent.Done?.Invoke();
        }
        Die();
    }

    /// <summary>A frame of the broker's.</summary>
    public void HandleMethod(uint method, ReadOnlySpan<byte> args)
    {
        if (_content != null)
            throw Failure(S1_frames_are_well_formed, $"{MethodId.Name(method)} within content");
        if (_closedByServer && method != MethodId.ChannelCloseOk)
            throw Failure(S2_nothing_follows_a_close, $"{MethodId.Name(method)} after the server's close");
        if (!_isOpen && method != MethodId.ChannelOpenOk)
            throw Failure(S2_nothing_follows_a_close, $"{MethodId.Name(method)} before open-ok");
        switch (method)
        {
            case MethodId.BasicDeliver:
                HandleDeliver(args);
                break;
            case MethodId.BasicGetOk:
                HandleGetOk(args);
                break;
            case MethodId.BasicReturn:
                HandleReturn(args);
                break;
            case MethodId.BasicAck when BasicAck.TryRead(args, out var ack):
                HandleConfirm(ack.DeliveryTag, ack.Multiple, refused: false);
                break;
            case MethodId.BasicNack when BasicNack.TryRead(args, out var nack):
                HandleConfirm(nack.DeliveryTag, nack.Multiple, refused: true);
                break;
            case MethodId.BasicCancel when BasicCancel.TryRead(args, out var cancel):
                HandleCancel(cancel.ConsumerTag);
                break;
            case MethodId.ChannelClose when ChannelClose.TryRead(args, out var close):
                ClosedByServer(close);
                break;
            default:
                Note($"<- {MethodId.Name(method)}");
                TakeReply(method);
                break;
        }
    }

    // All that was sent before what this answers has been carried out.
    private void TakeReply(uint reply)
    {
        while (_sent.TryDequeue(out var sent))
        {
            if (sent.MustFail)
                throw Unpunished(sent);
            if (sent.Replies.Length > 0 && !sent.Replies.Contains(reply))
            {
                throw Failure(
                    S13_one_reply_in_order,
                    $"{MethodId.Name(reply)} where {MethodId.Name(sent.Method)} is to be answered");
            }
            _reply = sent.Replies.Length > 0 ? reply : 0;
            sent.Done?.Invoke();
            if (sent.Replies.Length == 0)
                continue;
            if (reply == MethodId.ChannelCloseOk)
                CloseOk();
            return;
        }
        throw Failure(S13_one_reply_in_order, $"{MethodId.Name(reply)} that nothing asked for");
    }

    private void CloseOk()
    {
        IsOver = true;
        EndTransaction();
        _held.Clear();
    }

    private void ClosedByServer(ChannelClose close)
    {
        Note($"<- {close}");
        var method = ((uint)close.ClassId << 16) | close.MethodId;
        if (!_sent.Any(s => s.Method == method && s.MayFailWith.Contains(close.ReplyCode)))
            throw Failure(S16_errors_have_a_cause, close.ToString());
        _closedByServer = true;
        ForgetSent();
        EndTransaction();
        _held.Clear();
        if (!_closeSent)
        {
            Client.Send(Number, new ChannelCloseOk());
            IsOver = true;
            return;
        }
        // Both closed: ours is answered. Another close-ok does no harm, unless the number is open again by then.
        _sent.Enqueue(new Sent(MethodId.ChannelClose) { Replies = [MethodId.ChannelCloseOk] });
        if (Client.Current(Number) is null && World.Dice.Chance(50))
            Client.Send(Number, new ChannelCloseOk());
    }

    private void ForgetSent(Sent? first = null)
    {
        first?.Unsure?.Invoke();
        while (_sent.TryDequeue(out var sent))
            sent.Unsure?.Invoke();
    }

    /// <summary>What is owed when nothing can move any more.</summary>
    public void CheckNothingWaits()
    {
        if (_sent.FirstOrDefault(static s => s.Replies.Length > 0) is { } sent)
            throw Failure(S14_nothing_waits_for_ever, $"{MethodId.Name(sent.Method)} is not answered");
        if (_content != null)
            throw Failure(S14_nothing_waits_for_ever, "content is not complete");
        CheckConfirmed();
    }

    private SimulationFailure Unpunished(Sent sent) =>
        Failure(S16_errors_have_a_cause, $"{MethodId.Name(sent.Method)} was a mistake and was not refused");

    private SimulationFailure Failure(Invariant invariant, string what) => new(invariant, $"{this}: {what}");

    private void Note([InterpolatedStringHandlerArgument("")] ref StepLog.Line line)
    {
        if (World.Log.IsOn)
            World.Log.Note($"{this} {line.Text}");
    }

    public override string ToString() => $"{Client.Name}.{Number}#{Session}";
}
