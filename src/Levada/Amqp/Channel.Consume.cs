using System.Buffers.Text;
using System.Security.Cryptography;
using Levada.Catalog;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>Consuming and getting (rules K1-K13).</summary>
internal sealed partial class Channel
{
    private Dictionary<string, Consumer>? _consumers;
    private int _prefetch;

    /// <summary>Consumers on this channel.</summary>
    public int ConsumerCount => _consumers?.Count ?? 0;

    private void HandleConsume(ReadOnlySpan<byte> args)
    {
        if (!BasicConsume.TryRead(args, out var consume))
            throw CannotDecode(MethodId.BasicConsume);
        if (DirectReplies.IsRequestName(consume.Queue))
        {
            ConsumeDirectReplies(consume);
            return;
        }
        var queue = QueueRules.FindForRead(
            Connection.Requester, QueueName(consume.Queue, MethodId.BasicConsume), MethodId.BasicConsume);
        QueueRules.CheckConsumeArguments(queue, consume.Arguments);
        var tag = NewConsumerTag(consume.ConsumerTag);
        var consumer = new Consumer
        {
            Queue = queue,
            Target = this,
            Tag = tag,
            NoAck = consume.NoAck,
            Exclusive = consume.Exclusive,
            Priority = PriorityOf(consume.Arguments),
            Prefetch = _prefetch,
            TimeoutMs = TimeoutOf(queue, consume.Arguments),
            Arguments = consume.Arguments,
            DeliverTemplate = MakeDeliverTemplate(tag),
        };
        _consumers!.Add(tag, consumer);
        if (consumer.TimeoutMs > 0)
            Connection.WatchTimeouts(this);
        Ask(queue.Shard, new ConsumeCommand(consumer, outcome => ConsumeAnswered(consumer, consume.NoWait, outcome)));
    }

    // Rules K1, K11.
    private string NewConsumerTag(string wanted)
    {
        _consumers ??= [];
        var limit = Broker.Options.ConsumerMaxPerChannel;
        if (limit > 0 && _consumers.Count >= limit)
        {
            throw ChannelError(
                ReplyCode.NotAllowed,
                $"reached maximum ({limit}) of consumers per channel (consumer_max_per_channel)",
                MethodId.BasicConsume);
        }
        if (wanted.Length == 0)
            return NewName("amq.ctag-");
        if (_consumers.ContainsKey(wanted) || (_replyName is not null && wanted == _replyConsumerTag))
            throw Connection.NotAllowed($"attempt to reuse consumer tag '{wanted}'", MethodId.BasicConsume);
        return wanted;
    }

    /// <summary>A name nobody has: the prefix and 22 characters.</summary>
    internal static string NewName(string prefix) =>
        prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    // Checked before.
    private static int PriorityOf(FieldTable arguments) =>
        arguments.TryGet("x-priority", out var value) && value.TryGetInteger(out var priority)
            ? (int)Math.Clamp(priority, int.MinValue, int.MaxValue)
            : 0;

    // On the shard's turn: consume-ok stands before the first delivery (rule K2).
    private void ConsumeAnswered(Consumer consumer, bool noWait, ConsumeOutcome outcome)
    {
        if (outcome == ConsumeOutcome.Consuming)
        {
            if (!noWait)
                Reply(new BasicConsumeOk(consumer.Tag));
            Answered();
            return;
        }
        var queue = consumer.Queue;
        Answered(() =>
        {
            _consumers!.Remove(consumer.Tag);
            throw outcome == ConsumeOutcome.QueueGone
                ? Errors.NoQueue(queue.Name, queue.VHost, MethodId.BasicConsume)
                : ChannelError(
                    ReplyCode.AccessRefused,
                    $"queue '{queue.Name}' in vhost '{queue.VHost}' in exclusive use", MethodId.BasicConsume);
        });
    }

    private void HandleCancel(ReadOnlySpan<byte> args)
    {
        if (!BasicCancel.TryRead(args, out var cancel))
            throw CannotDecode(MethodId.BasicCancel);
        if (CancelDirectReplies(cancel.ConsumerTag) || _consumers is null
            || !_consumers.Remove(cancel.ConsumerTag, out var consumer))
        {
            // An unknown tag is no error (rule K4): the server may have cancelled it a moment ago.
            if (!cancel.NoWait)
                Reply(new BasicCancelOk(cancel.ConsumerTag));
            return;
        }
        Ask(consumer.Queue.Shard, new CancelCommand(consumer, autoDelete =>
        {
            if (autoDelete)
                Broker.DeleteQueue(consumer.Queue, CancelOk);
            else
                CancelOk();
        }));

        void CancelOk()
        {
            lock (_outbox.Lock)
            {
                _refused.Remove(consumer);
                _outbox.RemoveRefused(consumer);
                if (!cancel.NoWait)
                    Write(new BasicCancelOk(cancel.ConsumerTag));
            }
            Answered();
        }
    }

    private const string TimeoutArgument = "x-consumer-timeout";

    // Rule K12: the consumer's own word goes before the queue's, that before the broker's. Checked before.
    private long TimeoutOf(Queue queue, FieldTable arguments)
    {
        if (arguments.TryGet(TimeoutArgument, out var value) || queue.Arguments.TryGet(TimeoutArgument, out value))
            return value.TryGetInteger(out var ms) ? Math.Min(ms, int.MaxValue) : 0;
        return (long)Broker.Options.ConsumerTimeout.TotalMilliseconds;
    }

    /// <summary>What a consumer of this channel has left unsettled for too long, if anything (rule K12).</summary>
    public AmqpException? FindOverdue()
    {
        lock (_outbox.Lock)
        {
            var now = (uint)Broker.ElapsedMs;
            if (_isOver || _unsettled.FindOverdue(now) is not (> 0 and var tag))
                return null;
            var entry = _unsettled.Peek(tag);
            var consumer = entry.Consumer!;
            var setting = consumer.Arguments.Contains(TimeoutArgument)
                ? $"{TimeoutArgument} of consumer '{consumer.Tag}'"
                : consumer.Queue.Arguments.Contains(TimeoutArgument) ? $"{TimeoutArgument} of the queue"
                : "consumer_timeout";
            return ChannelError(
                ReplyCode.PreconditionFailed,
                $"delivery acknowledgement on channel {Number} timed out. Timeout value used: {consumer.TimeoutMs} ms "
                + $"({setting}). Delivery tag {tag} from queue '{consumer.Queue.Name}' is "
                + $"{now - entry.DeliveredAtMs} ms old",
                method: 0);
        }
    }

    private void CountGotEmpty()
    {
        Counters.GotEmpty++;
        Connection.Counters.GotEmpty++;
    }

    private void HandleGet(ReadOnlySpan<byte> args)
    {
        if (!BasicGet.TryRead(args, out var get))
            throw CannotDecode(MethodId.BasicGet);
        var queue = QueueRules.FindForRead(
            Connection.Requester, QueueName(get.Queue, MethodId.BasicGet), MethodId.BasicGet);
        if (queue.SingleActiveConsumer && QueueRules.IsQuorum(queue))
            throw Errors.NoGetFromSingleActive(queue.Name, queue.VHost);
        Ask(queue.Shard, new GetCommand(queue, this, get.NoAck, found =>
        {
            if (!found)
                Reply(new BasicGetEmpty());
            Answered(found ? null : CountGotEmpty);
        }));
    }
}
