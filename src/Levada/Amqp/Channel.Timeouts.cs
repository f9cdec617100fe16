using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// Consumers that leave a delivery unsettled for too long (rule K12): their messages go back and they are cancelled,
/// the channel goes on. A client that cannot be told of the cancel would wait for ever: its channel is closed.
/// </summary>
internal sealed partial class Channel
{
    private const string TimeoutArgument = "x-consumer-timeout";

    // A client that never settles what was taken from it must not make the broker remember it without end.
    private const int TakenBackMax = 65_536;

    // Tags that were taken back: settling them late is no mistake. Under the outbox lock.
    private HashSet<ulong>? _takenBack;

    // Checked before. It goes before what the queue has, by argument or policy, and that before the configuration.
    private static long? TimeoutOf(FieldTable arguments) =>
        arguments.TryGet(TimeoutArgument, out var value) && value.TryGetInteger(out var ms)
            ? Math.Min(ms, int.MaxValue)
            : null;

    // On the shard's turn.
    public void WatchTimeouts() => Connection.RunOnTurn(() => Connection.WatchTimeouts(this));

    /// <summary>Ends the consumers that are overdue.</summary>
    /// <exception cref="AmqpException">406: the client has not announced consumer_cancel_notify.</exception>
    public void EndOverdue()
    {
        while (TakeOverdue() is { } consumer)
        {
            // In this order: what goes back is not offered to it again.
            consumer.Queue.Shard.Post(new CancelCommand(consumer, autoDelete =>
            {
                if (autoDelete)
                    Broker.DeleteQueue(consumer.Queue, static () => { });
            }));
            Connection.PostBatches();
        }
    }

    private Consumer? TakeOverdue()
    {
        var taken = new List<UnsettledEntry>();
        Consumer consumer;
        string text;
        lock (_outbox.Lock)
        {
            var now = (uint)Broker.ElapsedMs;
            if (_isOver || _unsettled.FindOverdue(now) is not (> 0 and var tag))
                return null;
            Broker.Limits.ConsumerTime.CountRefused();
            var entry = _unsettled.Peek(tag);
            consumer = entry.Consumer!;
            text = DescribeOverdue(consumer, tag, now - entry.DeliveredAtMs);
            if (!Connection.WantsCancelNotify)
                throw ChannelError(ReplyCode.PreconditionFailed, text, method: 0);
            TakeBack(consumer, taken);
            ReleasePrefetch(taken);
            // One that the client has cancelled itself meanwhile is not cancelled again.
            if (_consumers?.GetValueOrDefault(consumer.Tag) == consumer)
            {
                consumer.IsCancelTold = true;
                Write(new BasicCancel(consumer.Tag, true));
            }
        }
        Forget(consumer);
        Connection.LogConsumerTimedOut(Broker.ChannelLogger, Connection, consumer.Tag, text);
        PostSettles(taken, SettleKind.Released);
        return consumer;
    }

    private void TakeBack(Consumer consumer, List<UnsettledEntry> taken)
    {
        consumer.IsTimedOut = true;
        _takenBack ??= [];
        if (_takenBack.Count >= TakenBackMax)
            _takenBack.Clear();
        _unsettled.TakeOf(consumer, taken, _takenBack);
    }

    // RabbitMQ's text, then what it concerns.
    private string DescribeOverdue(Consumer consumer, ulong tag, uint ageMs)
    {
        var setting = consumer.OwnTimeoutMs is not null ? $"{TimeoutArgument} of consumer '{consumer.Tag}'"
            : consumer.Queue.Settings.ConsumerTimeoutMs is null ? "consumer_timeout"
            : consumer.Queue.Arguments.Contains(TimeoutArgument) ? $"{TimeoutArgument} of the queue"
            : $"consumer-timeout of policy '{consumer.Queue.Policies.Own?.Name}'";
        return $"delivery acknowledgement on channel {Number} timed out. Timeout value used: {consumer.TimeoutMs} ms "
            + $"({setting}). Delivery tag {tag} from queue '{consumer.Queue.Name}' is {ageMs} ms old";
    }

    // A tag that was taken back is settled late. Under the outbox lock.
    private bool WasTakenBack(ulong tag) =>
        (tag > 0 && tag <= _takenBackUpTo) || _takenBack?.Remove(tag) == true;
}
