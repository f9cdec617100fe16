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
            AskedPrefetch = _prefetch,
            OwnTimeoutMs = TimeoutOf(consume.Arguments),
            ConfiguredTimeoutMs = (long)Broker.Options.ConsumerTimeout.TotalMilliseconds,
            Arguments = consume.Arguments,
            DeliverTemplate = MakeDeliverTemplate(tag),
        };
        _consumers!.Add(tag, consumer);
        Broker.Connections.CountConsumers(Connection, opened: 1, closed: 0);
        Ask(queue.Shard, new ConsumeCommand(consumer, outcome => ConsumeAnswered(consumer, consume.NoWait, outcome)));
    }

    // Here and not on the ticker: there may be very many channels.
    private void WatchConsumers(int used)
    {
        var max = Broker.Options.ConsumerMaxPerChannel;
        if (!Limit.Changes(used, max, max > 0, ref _nearConsumers))
            return;
        Broker.Limits.Tell(
            _nearConsumers, $"channel {Number} of connection {Connection}", "consumers", used, max,
            Broker.Limits.Consumers.Key);
    }

    private bool _nearConsumers;

    // Rules K1, K11.
    private string NewConsumerTag(string wanted)
    {
        _consumers ??= [];
        var limit = Broker.Options.ConsumerMaxPerChannel;
        if (limit > 0 && _consumers.Count >= limit)
        {
            Broker.Limits.Consumers.CountRefused();
            throw ChannelError(
                ReplyCode.NotAllowed,
                $"reached maximum ({limit}) of consumers per channel (consumer_max_per_channel: {_consumers.Count} of "
                + $"{limit} in use on channel {Number})",
                MethodId.BasicConsume);
        }
        WatchConsumers(_consumers.Count + 1);
        if (wanted.Length == 0)
            return NewName("amq.ctag-");
        if (_consumers.TryGetValue(wanted, out var other))
            throw TagInUse(wanted, other.Queue.Name);
        if (_replyName is not null && wanted == _replyConsumerTag)
            throw TagInUse(wanted, DirectReplies.RequestName);
        return wanted;
    }

    private AmqpException TagInUse(string tag, string queue) => Connection.NotAllowed(
        $"attempt to reuse consumer tag '{tag}' (on channel {Number} it consumes from queue '{queue}'; leave the tag "
        + "empty to be given one)",
        MethodId.BasicConsume);

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
            Connection.PublishCreated(this, consumer);
            Answered();
            return;
        }
        var queue = consumer.Queue;
        Answered(() =>
        {
            Forget(consumer);
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
            || !_consumers.TryGetValue(cancel.ConsumerTag, out var consumer))
        {
            // An unknown tag is no error (rule K4): the server may have cancelled it a moment ago.
            if (!cancel.NoWait)
                Reply(new BasicCancelOk(cancel.ConsumerTag));
            return;
        }
        Forget(consumer);
        WatchConsumers(_consumers.Count);
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
                _outbox.RemoveRefused(Number, consumer);
                if (!cancel.NoWait)
                    Write(new BasicCancelOk(cancel.ConsumerTag));
            }
            Answered();
        }
    }

    // Its tag is free again, and may be another consumer's already.
    private void Forget(Consumer consumer)
    {
        if (_isEnded || _consumers?.GetValueOrDefault(consumer.Tag) != consumer)
            return;
        _consumers.Remove(consumer.Tag);
        Connection.PublishDeleted(this, consumer);
        Broker.Connections.CountConsumers(Connection, opened: 0, closed: 1);
    }

    private void ReplyEmpty(Queue queue)
    {
        lock (_outbox.Lock)
        {
            if (!_isOver)
                DeliveriesOf(queue).GotEmpty++;
            Write(new BasicGetEmpty());
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
        if (queue is { SingleActiveConsumer: true, Type: QueueType.Quorum })
            throw Errors.NoGetFromSingleActive(queue.Name, queue.VHost);
        Ask(queue.Shard, new GetCommand(queue, this, get.NoAck, found =>
        {
            if (!found)
                ReplyEmpty(queue);
            Answered(found ? null : CountGotEmpty);
        }));
    }
}
