using System.Text;
using Levada.Amqp;
using Levada.Protocol;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>Consuming, getting and what is delivered.</summary>
internal sealed partial class SimulatedChannel
{
    private readonly Dictionary<string, SimulatedConsumer> _consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Queue, int Publisher), int> _lastFresh = [];
    private readonly Queue<(string Queue, bool NoAck)> _gets = new();
    private Content? _content;
    private ulong _lastTag;
    private int _prefetch;
    private bool _isFlowOff;

    public IReadOnlyDictionary<string, SimulatedConsumer> Consumers => _consumers;

    /// <summary>Nobody else does anything: all messages come in order, those that were given back among them.</summary>
    public bool IsDraining { get; set; }

    /// <summary>channel.flow(false) was sent last.</summary>
    public bool HasFlowOff { get; private set; }

    /// <summary>Prefetch of the channel as a whole, set once; 0 is none.</summary>
    public int GlobalPrefetch { get; private set; }

    public void SetPrefetch(int count)
    {
        _prefetch = count;
        Request(new BasicQos(0, (ushort)count), MethodId.BasicQosOk);
    }

    public void SetGlobalPrefetch(int count)
    {
        GlobalPrefetch = count;
        Request(new BasicQos(0, (ushort)count, true), MethodId.BasicQosOk);
    }

    /// <summary>Something that is answered and changes nothing.</summary>
    public void Ping() => Request(new BasicQos(0, (ushort)_prefetch), MethodId.BasicQosOk);

    public void SetFlow(bool active)
    {
        HasFlowOff = !active;
        if (active)
            _isFlowOff = false;
        Ask(new ChannelFlow(active), new Sent(MethodId.ChannelFlow)
        {
            Replies = [MethodId.ChannelFlowOk],
            Done = () => _isFlowOff = HasFlowOff,
        });
    }

    public void Consume(string queue, string tag, bool noAck, bool exclusive, int priority, bool noWait,
        ushort[] mayFailWith)
    {
        var consumer = new SimulatedConsumer
        {
            Tag = tag,
            Queue = queue,
            NoAck = noAck,
            Prefetch = noAck ? 0 : _prefetch,
            IsActive = noWait,
        };
        _consumers.Add(tag, consumer);
        Note($"consumes {queue} as {tag}, prefetch {consumer.Prefetch}{(noAck ? ", no ack" : "")}");
        var arguments = priority == 0 ? null : new FieldTable().Add("x-priority", priority);
        Ask(new BasicConsume(queue, tag, false, noAck, exclusive, noWait, arguments), new Sent(MethodId.BasicConsume)
        {
            Replies = noWait ? [] : [MethodId.BasicConsumeOk],
            MayFailWith = mayFailWith,
            Done = () => consumer.IsActive = true,
        });
    }

    public void Cancel(SimulatedConsumer consumer, bool noWait)
    {
        consumer.IsCancelling = true;
        Ask(new BasicCancel(consumer.Tag, noWait), new Sent(MethodId.BasicCancel)
        {
            Replies = noWait ? [] : [MethodId.BasicCancelOk],
            Done = () =>
            {
                consumer.IsGone = true;
                _consumers.Remove(consumer.Tag);
            },
        });
    }

    public void Get(string queue, bool noAck, Action<bool>? found, params ushort[] mayFailWith)
    {
        _gets.Enqueue((queue, noAck));
        Ask(new BasicGet(queue, noAck), new Sent(MethodId.BasicGet)
        {
            Replies = [MethodId.BasicGetOk, MethodId.BasicGetEmpty],
            MayFailWith = mayFailWith,
            Done = () =>
            {
                _gets.Dequeue();
                found?.Invoke(_reply == MethodId.BasicGetOk);
            },
        });
    }

    // The server has cancelled it: its queue is gone.
    private void HandleCancel(string tag)
    {
        Note($"<- basic.cancel {tag}");
        if (!Client.WantsCancelNotify || !_consumers.TryGetValue(tag, out var consumer) || consumer.IsGone)
            throw Failure(S6_deliveries_stand_between_consume_and_cancel, $"basic.cancel of {tag}, which is not there");
        consumer.IsGone = true;
        if (!consumer.IsCancelling)
            _consumers.Remove(tag);
    }

    private void HandleDeliver(ReadOnlySpan<byte> args)
    {
        if (!BasicDeliver.TryRead(args, out var deliver))
            throw Failure(S1_frames_are_well_formed, "basic.deliver");
        var tag = Encoding.UTF8.GetString(deliver.ConsumerTag);
        if (!_consumers.TryGetValue(tag, out var consumer) || !consumer.IsActive || consumer.IsGone)
            throw Failure(S6_deliveries_stand_between_consume_and_cancel, $"delivery {deliver.DeliveryTag} to {tag}");
        if (_isFlowOff)
            throw Failure(S18_flow_stops_deliveries, $"delivery {deliver.DeliveryTag} to {tag}");
        var (deliveryTag, redelivered) = (deliver.DeliveryTag, deliver.Redelivered);
        CheckTag(deliveryTag);
        _content = new Content(
            Encoding.UTF8.GetString(deliver.Exchange), Encoding.UTF8.GetString(deliver.RoutingKey),
            message => Delivered(message, consumer.Queue, consumer.NoAck, consumer, deliveryTag, redelivered));
    }

    private void HandleGetOk(ReadOnlySpan<byte> args)
    {
        if (!BasicGetOk.TryRead(args, out var got))
            throw Failure(S1_frames_are_well_formed, "basic.get-ok");
        if (_gets.Count == 0)
            throw Failure(S13_one_reply_in_order, "get-ok that nothing asked for");
        var (deliveryTag, redelivered) = (got.DeliveryTag, got.Redelivered);
        var (queue, noAck) = _gets.Peek();
        CheckTag(deliveryTag);
        TakeReply(MethodId.BasicGetOk);
        _content = new Content(
            Encoding.UTF8.GetString(got.Exchange), Encoding.UTF8.GetString(got.RoutingKey),
            message => Delivered(message, queue, noAck, null, deliveryTag, redelivered));
    }

    private void CheckTag(ulong tag)
    {
        if (tag != _lastTag + 1)
            throw Failure(S3_tags_rise_by_one, $"tag {tag} after {_lastTag}");
        _lastTag = tag;
    }

    private void Delivered(
        Message message, string queue, bool noAck, SimulatedConsumer? consumer, ulong tag, bool redelivered)
    {
        Note($"<- {tag} from {queue} to {consumer?.Tag ?? "get"}{(redelivered ? ", redelivered" : "")}: {message}");
        World.Ledger.Delivered(message, queue, redelivered, noAck);
        if (!redelivered || IsDraining)
            CheckOrder(message, queue);
        if (noAck)
            return;
        var delivery = new Delivery
        {
            Message = message, Queue = queue, Tag = tag, Consumer = consumer, IsUncertain = _fences > 0,
        };
        _held.Add(tag, delivery);
        if (consumer is null || delivery.IsUncertain)
            return;
        consumer.Outstanding++;
        if (consumer.Prefetch > 0 && consumer.Outstanding > consumer.Prefetch)
            throw Failure(S7_nobody_holds_more_than_its_prefetch, $"{consumer.Tag}: {consumer.Outstanding}");
        if (GlobalPrefetch > 0 && _consumers.Values.Sum(static c => c.Outstanding) > GlobalPrefetch)
            throw Failure(S7_nobody_holds_more_than_its_prefetch, $"channel holds more than {GlobalPrefetch}");
    }

    private void CheckOrder(Message message, string queue)
    {
        var key = (queue, message.Publisher);
        if (_lastFresh.TryGetValue(key, out var last) && message.Number <= last)
            throw Failure(S8_order_of_a_publisher_is_kept, $"{message} after its number {last}, from {queue}");
        _lastFresh[key] = message.Number;
    }
}
