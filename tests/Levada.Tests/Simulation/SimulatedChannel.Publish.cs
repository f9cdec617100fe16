using System.Text;
using Levada.Amqp;
using Levada.Protocol;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>Publishing: plain, with confirms, in transactions; and what comes back.</summary>
internal sealed partial class SimulatedChannel
{
    // In the order of their numbers, from the first that is not resolved.
    private readonly Queue<Message> _unconfirmed = new();
    private readonly List<Message> _uncommitted = [];
    private readonly List<(Delivery Delivery, bool Final)> _reserved = [];
    private ulong _resolved;
    private int _published;
    private int _commitsUnanswered;

    public int Uncommitted => _uncommitted.Count + _reserved.Count;

    public void SelectConfirms(bool noWait)
    {
        Mode = ChannelMode.Confirm;
        Request(new ConfirmSelect(noWait), MethodId.ConfirmSelectOk, noWait);
    }

    public void SelectTransactions()
    {
        Mode = ChannelMode.Transaction;
        Request(new TxSelect(), MethodId.TxSelectOk);
    }

    /// <summary>Publishes one message.</summary>
    /// <param name="mayFailWith">Codes, if the exchange is one that others delete.</param>
    public void Publish(string exchange, string key, bool mandatory, string[] mustReach, params ushort[] mayFailWith)
    {
        var dice = World.Dice;
        var message = new Message
        {
            Id = World.Ledger.NextId,
            Life = World.Ledger.Life,
            Publisher = Session,
            Number = _published++,
            Exchange = exchange,
            Key = key,
            Mandatory = mandatory,
            Persistent = dice.Chance(50),
            BodyLength = dice.Pick<int>([0, 1, 16, 16, 100, 1000, 5000, 9000]),
            MustReach = mustReach,
            IsUnroutable = exchange.Length == 0 && key.StartsWith("nowhere", StringComparison.Ordinal),
            IsHidden = _isDoomed || Mode == ChannelMode.Transaction,
        };
        World.Ledger.Add(message);
        if (Mode == ChannelMode.Confirm)
            _unconfirmed.Enqueue(message);
        if (Mode == ChannelMode.Transaction)
            _uncommitted.Add(message);
        _sent.Enqueue(new Sent(MethodId.BasicPublish)
        {
            MayFailWith = mayFailWith,
            Done = Mode == ChannelMode.Transaction ? null : () => Taken(message),
        });
        Send(message);
    }

    private void Send(Message message)
    {
        Note($"-> basic.publish {message}, {message.BodyLength} octets{(message.Mandatory ? ", mandatory" : "")}");
        var body = new byte[message.BodyLength];
        for (var i = 0; i < body.Length; i++)
            body[i] = message.Filler(i);
        Client.Publish(
            Number,
            new BasicPublish(
                Encoding.UTF8.GetBytes(message.Exchange), Encoding.UTF8.GetBytes(message.Key), message.Mandatory),
            new BasicProperties
            {
                MessageId = $"{message.Id}",
                DeliveryMode = message.Persistent ? (byte)2 : (byte)1,
            },
            body);
    }

    /// <summary>tx.commit, or tx.rollback.</summary>
    public void EndTransaction(bool commit)
    {
        var messages = _uncommitted.ToArray();
        var settles = _reserved.ToArray();
        _uncommitted.Clear();
        _reserved.Clear();
        if (!commit)
        {
            foreach (var (delivery, _) in settles)
                delivery.IsReserved = false;
            foreach (var message in messages)
                Ledger.Forgotten(message);
            Request(new TxRollback(), MethodId.TxRollbackOk);
            return;
        }
        _commitsUnanswered++;
        foreach (var message in messages)
            message.IsHidden = _isDoomed;
        foreach (var (delivery, _) in settles)
            LetGo(delivery);
        Ask(new TxCommit(), new Sent(MethodId.TxCommit)
        {
            Replies = [MethodId.TxCommitOk],
            Done = () => Committed(messages, settles),
            Unsure = () => SettleUnsure(settles),
        });
    }

    private void Committed(Message[] messages, (Delivery Delivery, bool Final)[] settles)
    {
        _commitsUnanswered--;
        foreach (var message in messages)
        {
            Taken(message);
            message.IsConfirmed = true;
        }
        SettleDone(settles);
    }

    // The channel is over: what was not committed never was.
    private void EndTransaction()
    {
        foreach (var message in _uncommitted)
            Ledger.Forgotten(message);
        _uncommitted.Clear();
        _reserved.Clear();
    }

    private void Taken(Message message)
    {
        message.IsTaken = true;
        if (message is { IsUnroutable: true, Mandatory: true, IsReturned: false })
            throw Failure(S5_a_return_precedes_its_confirm, $"{message} was not returned");
    }

    private void HandleConfirm(ulong tag, bool multiple, bool refused)
    {
        Note($"<- {(refused ? "nack" : "ack")} {tag}{(multiple ? " and all before" : "")}");
        if (Mode != ChannelMode.Confirm || refused)
            throw Failure(S4_each_publish_is_resolved_once, $"confirm of {tag} without a cause");
        if (tag <= _resolved || tag > _resolved + (ulong)_unconfirmed.Count || (!multiple && tag != _resolved + 1))
        {
            throw Failure(
                S4_each_publish_is_resolved_once, $"{tag} ({multiple}) where {_resolved} of {_published} are resolved");
        }
        for (; _resolved < tag; _resolved++)
        {
            var message = _unconfirmed.Dequeue();
            Taken(message);
            message.IsConfirmed = true;
        }
    }

    private void CheckConfirmed()
    {
        if (_unconfirmed.Count > 0)
            throw Failure(S4_each_publish_is_resolved_once, $"{_unconfirmed.Count} publishes are not resolved");
    }

    private void HandleReturn(ReadOnlySpan<byte> args)
    {
        if (!BasicReturn.TryRead(args, out var returned))
            throw Failure(S1_frames_are_well_formed, "basic.return");
        var names = (Encoding.UTF8.GetString(returned.Exchange), Encoding.UTF8.GetString(returned.RoutingKey));
        var code = returned.ReplyCode;
        _content = new Content(names.Item1, names.Item2, message => Returned(message, code));
    }

    private void Returned(Message message, ushort code)
    {
        Note($"<- returned {message}");
        if (code != ReplyCode.NoRoute || !message.Mandatory || message.Publisher != Session || message.IsReturned)
            throw Failure(S5_a_return_precedes_its_confirm, $"{message} comes back for no reason ({code})");
        if (message.IsTaken && Mode != ChannelMode.Plain)
            throw Failure(S5_a_return_precedes_its_confirm, $"{message} comes back after its confirm");
        if (Mode == ChannelMode.Transaction && _commitsUnanswered == 0)
            throw Failure(S5_a_return_precedes_its_confirm, $"{message} comes back before its commit");
        message.IsReturned = true;
        if (message.Traces.Count > 0 || message.MustReach.Count > 0)
            throw Failure(S15_what_was_not_taken_is_not_delivered, $"{message} was returned and has queues");
    }
}
