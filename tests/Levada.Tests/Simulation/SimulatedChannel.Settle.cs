using Levada.Amqp;
using Levada.Protocol;

namespace Levada.Tests.Simulation;

/// <summary>What the channel holds, and settling and giving it back.</summary>
internal sealed partial class SimulatedChannel
{
    private readonly SortedDictionary<ulong, Delivery> _held = [];

    // Settles of all and recovers that are on their way.
    private int _fences;
    private int _recovers;

    public int Held => _held.Count;

    /// <summary>What it thinks its consumers hold is what they hold, once nothing is on its way.</summary>
    public bool IsExact { get; private set; } = true;

    /// <summary>One that may be settled by its tag now; null if there is none.</summary>
    public Delivery? PickHeld()
    {
        if (_recovers > 0)
            return null;
        Delivery[] held = [.. _held.Values.Where(static d => !d.IsUncertain && !d.IsReserved)];
        return held.Length == 0 ? null : World.Dice.Pick(held);
    }

    /// <summary>Acknowledges, rejects or gives back one delivery, or all up to it.</summary>
    public void Settle(Delivery delivery, SettleKind kind, bool multiple)
    {
        var covered = _held.Values
            .Where(d => !d.IsReserved && (multiple ? d.Tag <= delivery.Tag : d.Tag == delivery.Tag)).ToArray();
        Settle(covered, delivery.Tag, kind, multiple);
    }

    /// <summary>Settles all there is by tag 0. What is on its way to the client may be covered, too.</summary>
    public void SettleAll(SettleKind kind)
    {
        if (Mode == ChannelMode.Transaction || _recovers > 0)
            return;
        Settle([.. _held.Values], 0, kind, multiple: true);
        Fence(ended: null, kind is SettleKind.Acknowledged or SettleKind.Rejected);
    }

    private void Settle(Delivery[] covered, ulong tag, SettleKind kind, bool multiple)
    {
        var final = kind is SettleKind.Acknowledged or SettleKind.Rejected;
        (Delivery Delivery, bool Final)[] settles = [.. covered.Where(static d => !d.IsUncertain).Select(d => (d,
            final))];
        foreach (var delivery in covered.Where(static d => d.IsUncertain))
        {
            _held.Remove(delivery.Tag);
            if (final && !_isDoomed)
                Ledger.MaybeSettled(delivery.Message, delivery.Queue);
        }
        if (Mode == ChannelMode.Transaction)
        {
            foreach (var (delivery, _) in settles)
                delivery.IsReserved = true;
            _reserved.AddRange(settles);
        }
        else
        {
            foreach (var (delivery, _) in settles)
                LetGo(delivery);
        }
        var isOpen = Mode != ChannelMode.Transaction;
        var isDoomed = _isDoomed;
        _sent.Enqueue(new Sent(Method(kind, multiple))
        {
            Done = isOpen ? () => SettleDone(settles) : null,
            // Behind a mistake settles are nothing; but a connection that is closed by force takes them and skips the
            // mistake.
            Unsure = isOpen ? () => SettleUnsure(isDoomed && !Client.IsForced ? [] : settles) : null,
        });
        Send(tag, kind, multiple);
    }

    private static uint Method(SettleKind kind, bool multiple) => kind == SettleKind.Acknowledged
        ? MethodId.BasicAck
        : multiple ? MethodId.BasicNack : MethodId.BasicReject;

    private void Send(ulong tag, SettleKind kind, bool multiple)
    {
        Note($"settles {tag}: {kind}{(multiple ? ", all before too" : "")}");
        var requeue = kind is SettleKind.Requeued or SettleKind.Released;
        if (kind == SettleKind.Acknowledged)
            Client.Send(Number, new BasicAck(tag, multiple));
        else if (multiple)
            Client.Send(Number, new BasicNack(tag, multiple, requeue));
        else
            Client.Send(Number, new BasicReject(tag, requeue));
    }

    /// <summary>basic.recover: everything held goes back.</summary>
    public void Recover(bool requeue)
    {
        _recovers++;
        Ask(new BasicRecover(requeue), new Sent(MethodId.BasicRecover)
        {
            Replies = [MethodId.BasicRecoverOk],
            Done = () =>
            {
                _recovers--;
                LetGoOfAll();
            },
        });
    }

    /// <summary>The same without an answer: which of the deliveries on their way it covers is not known.</summary>
    public void RecoverAsync()
    {
        _recovers++;
        LetGoOfAll();
        _sent.Enqueue(new Sent(MethodId.BasicRecoverAsync));
        Client.Send(Number, new BasicRecoverAsync(true));
        Fence(() => _recovers--, final: false);
    }

    // Until something that is sent now is answered, it is not known which deliveries are covered by what was sent
    // before.
    private void Fence(Action? ended, bool final)
    {
        _fences++;
        IsExact = false;
        _isFenceFinal |= final;
        Ask(new BasicQos(0, (ushort)_prefetch), new Sent(MethodId.BasicQos)
        {
            Replies = [MethodId.BasicQosOk],
            Done = () =>
            {
                if (--_fences == 0 && _isFenceFinal)
                    EndFinalFence();
                ended?.Invoke();
            },
            Unsure = EndFinalFence,
        });
    }

    private bool _isFenceFinal;

    private void EndFinalFence()
    {
        if (!_isFenceFinal)
            return;
        foreach (var delivery in _held.Values.Where(static d => d.IsUncertain))
            Ledger.MaybeSettled(delivery.Message, delivery.Queue);
        // Over before the answer: deliveries that nobody will ever read may have been settled.
        if (_fences > 0)
            World.Ledger.MayLoseUnread(_consumers.Values.Select(static c => c.Queue).Concat(_gets.Select(static g =>
                g.Queue)));
        _isFenceFinal = _fences > 0;
    }

    private void LetGoOfAll()
    {
        foreach (var delivery in _held.Values.Where(static d => !d.IsReserved).ToArray())
            LetGo(delivery);
    }

    private void LetGo(Delivery delivery)
    {
        _held.Remove(delivery.Tag);
        if (delivery is { IsUncertain: false, Consumer: { } consumer })
            consumer.Outstanding--;
    }

    private static void SettleDone((Delivery Delivery, bool Final)[] settles)
    {
        foreach (var (delivery, final) in settles)
        {
            if (final)
                Ledger.Settled(delivery.Message, delivery.Queue);
        }
    }

    private static void SettleUnsure((Delivery Delivery, bool Final)[] settles)
    {
        foreach (var (delivery, final) in settles)
        {
            if (final)
                Ledger.MaybeSettled(delivery.Message, delivery.Queue);
        }
    }
}
