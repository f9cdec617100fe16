using System.Buffers.Binary;
using Levada.Protocol;
using Levada.Queues;
using Levada.Telemetry;

namespace Levada.Amqp;

/// <summary>
/// Where shards meet a channel: a delivery gets its tag, its unsettled entry and its bytes together under the outbox
/// lock, or is refused. So tags rise in byte order, and nothing follows a close.
/// </summary>
internal sealed partial class Channel : IDeliveryTarget
{
    private const int DeliverTagAndFlagSize = sizeof(ulong) + 1;
    private const int ContentHeaderFixedSize = 12;

    private readonly Outbox _outbox;
    private readonly Unsettled _unsettled = new();
    private readonly MessageSpans? _spans;

    // Consumers refused because of a pause or the channel-wide prefetch. All below: under the outbox lock.
    private readonly List<Consumer> _refused = [];
    private bool _isOver;
    private DeliveryPause _paused;
    private int _globalPrefetch;
    private int _consumed;

    public void BeginOffers() => _outbox.Lock.Enter();

    public void EndOffers() => _outbox.Lock.Exit();

    public void Flush()
    {
        if (Volatile.Read(ref _traced) is not null)
            PublishTraced();
        _outbox.Flush();
    }

    public OfferResult Offer(Consumer consumer, ulong sequence, bool redelivered, scoped StoredMessage message)
    {
        if (_isOver || _outbox.IsOver || consumer.IsTimedOut)
            return OfferResult.SessionOver;
        if (_paused != DeliveryPause.None || (_globalPrefetch > 0 && !consumer.NoAck && _consumed >= _globalPrefetch))
        {
            _refused.Add(consumer);
            return OfferResult.Refused;
        }
        if (!_outbox.HasRoomOn(Number))
        {
            _outbox.AddRefused(Number, consumer.Queue.Shard, consumer.Retry);
            return OfferResult.Refused;
        }
        ulong tag;
        if (consumer.NoAck)
        {
            tag = _unsettled.AddSettled();
        }
        else
        {
            // Asking the clock is too dear if only people want to know.
            var at = consumer.TimeoutMs > 0 ? Broker.ElapsedMs : Broker.RecentElapsedMs;
            tag = _unsettled.Add(consumer.Queue, consumer, sequence, (uint)at);
            _consumed++;
        }
        CountDelivery(consumer, redelivered);
        _spans?.Delivered(
            BasicPropertiesReader.OfChecked(message.Properties).HeadersBytes, Connection.VHost!.Name,
            consumer.Queue.Name, consumer.Tag, redelivered);
        WriteDeliver(consumer.DeliverTemplate, tag, redelivered, message);
        CheckHeaderSize(consumer.Queue, message.Properties);
        if (Connection.VHost!.Firehose is { } trace)
            TraceDelivery(trace, consumer.Queue, redelivered, message);
        return OfferResult.Accepted;
    }

    public OfferResult OfferGet(
        Queue queue, bool noAck, ulong sequence, bool redelivered, long ready, scoped StoredMessage message)
    {
        lock (_outbox.Lock)
        {
            if (_isOver || _outbox.IsOver)
                return OfferResult.SessionOver;
            if (!_outbox.HasRoomOn(Number))
            {
                _outbox.AddRefused(Number, queue.Shard, new TouchCommand(queue.State));
                return OfferResult.Refused;
            }
            var tag = noAck ? _unsettled.AddSettled() : _unsettled.Add(
                queue, null, sequence, (uint)Broker.RecentElapsedMs);
            Counters.CountGet(noAck, redelivered);
            _outbox.Counters.CountGet(noAck, redelivered);
            DeliveriesOf(queue).CountGet(noAck, redelivered);
            _outbox.Write(
                Number,
                new BasicGetOk(
                    tag, redelivered, message.Exchange, message.RoutingKey, (uint)Math.Min(ready, uint.MaxValue)),
                Counters);
            WriteContent(message, message.Body);
            CheckHeaderSize(queue, message.Properties);
            if (Connection.VHost!.Firehose is { } trace)
                TraceDelivery(trace, queue, redelivered, message);
            return OfferResult.Accepted;
        }
    }

    // Rule C6: a client may choke on a header above its frame_max, and whoever looks for the reason finds it here.
    private void CheckHeaderSize(Queue queue, ReadOnlySpan<byte> properties)
    {
        var size = Frame.Overhead + ContentHeaderFixedSize + properties.Length;
        if (Connection.FrameMax != 0 && size > Connection.FrameMax)
            Connection.WarnOfLargeHeader(queue, size);
    }

    public void ConsumerCancelled(Consumer consumer)
    {
        // Before the client hears of it, as the tag is free from then on.
        Connection.RunOnTurn(() => Forget(consumer));
        TellCancelled(consumer);
    }

    // Everything of a basic.deliver frame that is the same for each message of a consumer.
    private byte[] MakeDeliverTemplate(string consumerTag)
    {
        var size = AmqpWriter.ShortStringSize(consumerTag);
        var template = new byte[Frame.HeaderSize + 4 + size];
        FrameHeader.Write(template, Frame.Method, Number, 0);
        var writer = new AmqpWriter(template.AsSpan(Frame.HeaderSize));
        writer.U32(MethodId.BasicDeliver);
        writer.ShortString(consumerTag);
        return template;
    }

    private void WriteDeliver(byte[] template, ulong tag, bool redelivered, scoped StoredMessage message)
    {
        WriteDeliverHead(template, tag, redelivered, message);
        WriteContent(message, message.Body);
    }

    private void WriteDeliverHead(byte[] template, ulong tag, bool redelivered, scoped StoredMessage message)
    {
        var names = message.ExchangeAndRoutingKey;
        var size = template.Length + DeliverTagAndFlagSize + names.Length + 1;
        var to = _outbox.GetSpan(Number, size);
        template.CopyTo(to);
        BinaryPrimitives.WriteInt32BigEndian(to[3..], size - Frame.Overhead);
        var at = template.Length;
        BinaryPrimitives.WriteUInt64BigEndian(to[at..], tag);
        to[at + sizeof(ulong)] = redelivered ? (byte)1 : (byte)0;
        at += DeliverTagAndFlagSize;
        names.CopyTo(to[at..]);
        to[size - 1] = Frame.End;
        _outbox.Advance(size, ofChannel: Counters);
    }

    // Header frame and as many body frames as frame_max asks for. A header frame is never split (rule C6).
    private void WriteContent(scoped StoredMessage message, ReadOnlySpan<byte> body, bool isLoose = false)
    {
        if (message.IsBodyApart)
        {
            WriteContentApart(message, body, isLoose);
            return;
        }
        var properties = message.Properties;
        var bodyMax = (int)Connection.FrameMax - Frame.Overhead;
        var headerSize = Frame.Overhead + ContentHeaderFixedSize + properties.Length;
        var to = _outbox.GetSpan(Number, headerSize + Math.Min(body.Length, bodyMax) + Frame.Overhead);
        FrameWriter.WriteHeader(to, Number, (ulong)body.Length, properties);
        var at = headerSize;
        var frames = 1;
        while (!body.IsEmpty)
        {
            var part = body[..Math.Min(body.Length, bodyMax)];
            body = body[part.Length..];
            FrameHeader.Write(to[at..], Frame.Body, Number, part.Length);
            part.CopyTo(to[(at + Frame.HeaderSize)..]);
            to[at + Frame.HeaderSize + part.Length] = Frame.End;
            _outbox.Advance(at + part.Length + Frame.Overhead, frames + 1, Counters);
            at = frames = 0;
            if (!body.IsEmpty)
                to = _outbox.GetSpan(Number, Math.Min(body.Length, bodyMax) + Frame.Overhead);
        }
        _outbox.Advance(at, frames, Counters);
    }

    private void WriteContentApart(scoped StoredMessage message, ReadOnlySpan<byte> number, bool isLoose)
    {
        var size = Frame.Overhead + ContentHeaderFixedSize + message.Properties.Length;
        FrameWriter.WriteHeader(_outbox.GetSpan(Number, size), Number, message.BodyLength, message.Properties);
        _outbox.Advance(size, 1, Counters);
        var file = Broker.Bodies.Find(BinaryPrimitives.ReadUInt64LittleEndian(number));
        _outbox.WriteBody(Number, new OutboxBody(file, (int)Connection.FrameMax, isLoose, Counters));
    }

    /// <summary>A message that found no queue, back to who published it (rule I3).</summary>
    private void WriteReturn(ushort code, string text, scoped StoredMessage message, ReadOnlySpan<byte> body)
    {
        lock (_outbox.Lock)
        {
            if (_isOver)
                return;
            _outbox.Write(Number, new BasicReturn(code, text, message.Exchange, message.RoutingKey), Counters);
            WriteContent(message, body, isLoose: true);
        }
    }

    // What a pause or the channel-wide prefetch refused may be tried again. Under the outbox lock.
    private Consumer[] TakeRefused()
    {
        if (_refused.Count == 0 || _paused != DeliveryPause.None
            || (_globalPrefetch > 0 && _consumed >= _globalPrefetch))
        {
            return [];
        }
        Consumer[] taken = [.. _refused];
        _refused.Clear();
        return taken;
    }

    /// <summary>
    /// Client's channel.flow (rule F1): false stops deliveries to this channel, true lets them go on.
    /// </summary>
    private void HandleFlow(ReadOnlySpan<byte> args)
    {
        if (!ChannelFlow.TryRead(args, out var flow))
            throw CannotDecode(MethodId.ChannelFlow);
        Consumer[] retry;
        lock (_outbox.Lock)
        {
            _paused = flow.Active ? _paused & ~DeliveryPause.Client : _paused | DeliveryPause.Client;
            _stateSinceMs = Connection.LastReceivedMs;
            retry = TakeRefused();
            Write(new ChannelFlowOk(flow.Active));
        }
        Outbox.Retry(retry);
    }

    /// <summary>
    /// Prefetch (rules K7, K8): per consumer for those that come later, or for the channel as a whole at once.
    /// </summary>
    private void HandleQos(ReadOnlySpan<byte> args)
    {
        if (!BasicQos.TryRead(args, out var qos))
            throw CannotDecode(MethodId.BasicQos);
        if (qos.PrefetchSize != 0)
        {
            throw ChannelError(
                ReplyCode.NotImplemented, $"prefetch_size!=0 ({qos.PrefetchSize})", MethodId.BasicQos);
        }
        Consumer[] retry = [];
        lock (_outbox.Lock)
        {
            if (qos.Global)
            {
                _globalPrefetch = qos.PrefetchCount;
                retry = TakeRefused();
            }
            Write(new BasicQosOk());
        }
        if (!qos.Global)
            _prefetch = qos.PrefetchCount;
        Outbox.Retry(retry);
    }
}
