using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

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
                    _broker.DeleteQueue(queue, () => done(OperatorResult.Done), by.User);
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

    /// <summary>
    /// Stops the deliveries to a queue's consumers and the answers to basic.get; all else goes on. A durable queue
    /// stays so over restarts.
    /// </summary>
    public Task<OperatorResult> PauseQueueAsync(OperatorRequest by, VHost vhost, Queue queue) => OnQueueAsync(
        by, OperatorAction.PauseQueue, vhost, queue, MethodId.BasicConsume, Right.Configure,
        done => _broker.Catalog.PauseQueue(vhost, queue, isPaused: true, changed => done(Changed(changed))));

    /// <summary>Lets them go on.</summary>
    public Task<OperatorResult> ResumeQueueAsync(OperatorRequest by, VHost vhost, Queue queue) => OnQueueAsync(
        by, OperatorAction.ResumeQueue, vhost, queue, MethodId.BasicConsume, Right.Configure,
        done => _broker.Catalog.PauseQueue(vhost, queue, isPaused: false, changed => done(Changed(changed))));

    /// <summary>Takes messages from the head, of a paused queue too; who asks disposes of the copies.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="vhost">The queue's.</param>
    /// <param name="queue">Whose.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="fate">What becomes of them.</param>
    /// <param name="seen">Hears what there was, if it may be seen.</param>
    public Task<OperatorResult> FetchAsync(
        OperatorRequest by, VHost vhost, Queue queue, int count, FetchFate fate,
        Action<IReadOnlyList<SeenMessage>> seen) => OnQueueAsync(
            by, OperatorAction.FetchMessages, vhost, queue, MethodId.BasicGet, Right.Read,
            done => queue.Shard.Post(new FetchCommand(queue, count, fate, messages =>
            {
                seen(messages);
                done(new OperatorResult(OperatorOutcome.Done, $"{messages.Count} messages, {fate}"));
            })));

    /// <summary>
    /// Moves ready messages to another queue of the virtual host; needs the right to read the one and to write to the
    /// other.
    /// </summary>
    /// <param name="by">Who asks.</param>
    /// <param name="vhost">Of both.</param>
    /// <param name="queue">From where.</param>
    /// <param name="target">To where; another one.</param>
    /// <param name="filter">Which messages.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="moved">Hears what became of it.</param>
    /// <param name="cancelled">Ends it where it is.</param>
    public Task<OperatorResult> MoveAsync(
        OperatorRequest by, VHost vhost, Queue queue, Queue target, MoveFilter filter, long most,
        Action<MoveOutcome> moved, CancellationToken cancelled) => OnQueueAsync(
            by, OperatorAction.MoveMessages, vhost, queue, MethodId.BasicGet, Right.Read,
            done =>
            {
                new Access(() => _broker.Catalog.Accounts, by.User, vhost.Name)
                    .CheckQueue(Right.Write, target.Name, MethodId.BasicPublish);
                queue.Shard.Post(new MoveCommand(
                    queue, target, filter, most,
                    outcome =>
                    {
                        moved(outcome);
                        done(new OperatorResult(
                            OperatorOutcome.Done,
                            $"{outcome.Moved} messages to queue '{target.Name}', {outcome.Refused} refused"));
                    },
                    cancelled));
            });

    /// <summary>Messages from a position on, which stay as they are; who asks disposes of the copies.</summary>
    /// <exception cref="AmqpException">403: the user has no right to read the queue.</exception>
    public Task<IReadOnlyList<SeenMessage>> LookAsync(
        string user, VHost vhost, Queue queue, long position, int count)
    {
        new Access(() => _broker.Catalog.Accounts, user, vhost.Name)
            .CheckQueue(Right.Read, queue.Name, MethodId.BasicGet);
        var completion = new TaskCompletionSource<IReadOnlyList<SeenMessage>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Shard.Post(new LookCommand(queue, position, count, completion.SetResult));
        return completion.Task;
    }

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
