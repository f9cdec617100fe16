using Levada.Catalog;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>The queue methods (rules J1-J13). What may be done is for <see cref="QueueRules"/> to say.</summary>
internal sealed partial class Channel
{
    // The empty name stands for the queue this channel declared last (rule J1).
    private string? _lastQueue;

    private string QueueName(string name, uint method) =>
        name.Length > 0 ? name : _lastQueue ?? throw Errors.NoPreviousQueue(method);

    private void HandleQueueDeclare(ReadOnlySpan<byte> args)
    {
        if (!QueueDeclare.TryRead(args, out var declare))
            throw CannotDecode(MethodId.QueueDeclare);
        if (declare.Passive && DeclareDirectReplies(declare))
            return;
        if (declare.Passive)
            declare = declare with { Queue = QueueName(declare.Queue, MethodId.QueueDeclare) };
        Wait();
        QueueRules.Declare(Connection.Requester, declare, queue => QueueDeclared(queue, declare.NoWait));
    }

    private void QueueDeclared(Queue queue, bool noWait)
    {
        if (queue.Exclusive)
            Connection.RunOnTurn(() => Connection.AddExclusive(queue));
        if (noWait)
        {
            queue.Shard.Post(new CountCommand(queue, static (_, _) => { }));
            Answered(() => _lastQueue = queue.Name);
            return;
        }
        queue.Shard.Post(new CountCommand(queue, (ready, consumers) => Answered(() =>
        {
            _lastQueue = queue.Name;
            Reply(new QueueDeclareOk(queue.Name, (uint)Math.Min(ready, uint.MaxValue), (uint)consumers));
        })));
    }

    private void HandleQueueBind(ReadOnlySpan<byte> args)
    {
        if (!QueueBind.TryRead(args, out var bind))
            throw CannotDecode(MethodId.QueueBind);
        var name = QueueName(bind.Queue, MethodId.QueueBind);
        // A queue without a name and a key without one: both are the last declared queue's name (spec, queue.bind).
        var key = bind.Queue.Length == 0 && bind.RoutingKey.Length == 0 ? name : bind.RoutingKey;
        bind = bind with { Queue = name, RoutingKey = key };
        Wait();
        BindingRules.Bind(Connection.Requester, bind, () => Answered(() =>
        {
            if (!bind.NoWait)
                Reply(new QueueBindOk());
        }));
    }

    private void HandleQueueUnbind(ReadOnlySpan<byte> args)
    {
        if (!QueueUnbind.TryRead(args, out var unbind))
            throw CannotDecode(MethodId.QueueUnbind);
        var name = QueueName(unbind.Queue, MethodId.QueueUnbind);
        var key = unbind.Queue.Length == 0 && unbind.RoutingKey.Length == 0 ? name : unbind.RoutingKey;
        Wait();
        BindingRules.Unbind(
            Connection.Requester,
            unbind with { Queue = name, RoutingKey = key },
            () => Answered(() => Reply(new QueueUnbindOk())));
    }

    private void HandleQueuePurge(ReadOnlySpan<byte> args)
    {
        if (!QueuePurge.TryRead(args, out var purge))
            throw CannotDecode(MethodId.QueuePurge);
        var queue = QueueRules.FindForRead(
            Connection.Requester, QueueName(purge.Queue, MethodId.QueuePurge), MethodId.QueuePurge);
        Ask(queue.Shard, new PurgeCommand(queue, count => Answered(() =>
        {
            if (!purge.NoWait)
                Reply(new QueuePurgeOk((uint)Math.Min(count, uint.MaxValue)));
        })));
    }

    private void HandleQueueDelete(ReadOnlySpan<byte> args)
    {
        if (!QueueDelete.TryRead(args, out var delete))
            throw CannotDecode(MethodId.QueueDelete);
        var name = QueueName(delete.Queue, MethodId.QueueDelete);
        if (QueueRules.FindForDelete(Connection.Requester, name) is not { } queue)
        {
            // There is none: that is what was wanted (rule J3).
            if (!delete.NoWait)
                Reply(new QueueDeleteOk(0));
            return;
        }
        Ask(queue.Shard, new CheckDeleteCommand(
            queue, delete.IfUnused, delete.IfEmpty, (outcome, ready) => DeleteChecked(queue, delete.NoWait, outcome,
            ready)));
    }

    private void DeleteChecked(Queue queue, bool noWait, DeleteOutcome outcome, long ready)
    {
        if (outcome != DeleteOutcome.MayDelete)
        {
            Answered(() => throw (outcome == DeleteOutcome.InUse
                ? Errors.QueueInUse(queue.Name, queue.VHost)
                : Errors.QueueNotEmpty(queue.Name, queue.VHost)));
            return;
        }
        Broker.DeleteQueue(queue, () => Answered(() =>
        {
            Connection.RemoveExclusive(queue);
            if (!noWait)
                Reply(new QueueDeleteOk((uint)Math.Min(ready, uint.MaxValue)));
        }), Connection.UserName);
    }
}
