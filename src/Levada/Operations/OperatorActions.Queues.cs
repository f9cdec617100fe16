using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Operations;

// Queues: what a client of the asking user could do itself, by the same rules and rights.
public sealed partial class OperatorActions
{
    /// <summary>As queue.declare.</summary>
    public Task<OperatorResult> DeclareQueueAsync(OperatorRequest by, VHost vhost, QueueDeclare method) =>
        OnTopologyAsync(
            by, OperatorAction.DeclareQueue, vhost, $"queue '{method.Queue}'",
            (requester, done) => QueueRules.Declare(requester, method, _ => done()));

    /// <summary>As queue.delete; an exclusive queue goes too, whoever has it.</summary>
    public Task<OperatorResult> DeleteQueueAsync(
        OperatorRequest by, VHost vhost, Queue queue, bool ifUnused, bool ifEmpty) => OnQueueAsync(
            by, OperatorAction.DeleteQueue, vhost, queue, MethodId.QueueDelete, Right.Configure,
            done => queue.Shard.Post(new CheckDeleteCommand(queue, ifUnused, ifEmpty, (outcome, _) =>
            {
                if (outcome == DeleteOutcome.MayDelete)
                    _broker.DeleteQueue(queue, () => done(OperatorResult.Done));
                else
                    done(new OperatorResult(
                        OperatorOutcome.Refused, outcome == DeleteOutcome.InUse
                            ? Errors.QueueInUse(queue.Name, queue.VHost).Message
                            : Errors.QueueNotEmpty(queue.Name, queue.VHost).Message));
            })));

    /// <summary>As queue.purge.</summary>
    public Task<OperatorResult> PurgeQueueAsync(OperatorRequest by, VHost vhost, Queue queue) => OnQueueAsync(
        by, OperatorAction.PurgeQueue, vhost, queue, MethodId.QueuePurge, Right.Read,
        done => queue.Shard.Post(new PurgeCommand(
            queue, count => done(new OperatorResult(OperatorOutcome.Done, $"{count} messages")))));

    private Task<OperatorResult> OnQueueAsync(
        OperatorRequest by, OperatorAction action, VHost vhost, Queue queue, uint method, Right right,
        Action<Action<OperatorResult>> act) => RunAsync(
            by, action, $"queue '{queue.Name}' in vhost '{vhost.Name}'", isAllowed: true,
            () =>
            {
                new Access(() => _broker.Catalog.Accounts, by.User, vhost.Name)
                    .CheckQueue(right, queue.Name, method);
                return CompletedAsync(act);
            });
}
