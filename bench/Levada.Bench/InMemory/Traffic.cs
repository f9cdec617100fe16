using System.Buffers.Binary;
using System.Text;
using Levada.Protocol;

namespace Levada.Bench.InMemory;

/// <summary>
/// One publisher and one consumer of a queue. All frames are made beforehand, so that a round costs what the broker
/// does, and copying to and from it. One thread.
/// </summary>
internal sealed class Traffic : IDisposable
{
    private const ushort Channel = 1;
    private const int AckSize = Frame.HeaderSize + sizeof(uint) + sizeof(ulong) + 1 + 1;
    private const int AckTagAt = Frame.HeaderSize + sizeof(uint);

    private readonly InMemoryBroker _broker;
    private readonly InMemoryClient _publisher;
    private readonly InMemoryClient _consumer;
    private readonly byte[][] _publishes;
    private readonly byte[] _acks;
    private ulong _tag;

    public Traffic(TrafficOptions options)
    {
        Options = options;
        _broker = new InMemoryBroker();
        _publisher = _broker.Connect();
        _consumer = _broker.Connect();
        Declare();
        _publishes = [.. Enumerable.Range(0, options.Messages / options.MessagesPerRead).Select(Publishes)];
        _acks = Acks();
    }

    public TrafficOptions Options { get; }

    /// <summary>Messages published so far.</summary>
    /// <exception cref="InvalidOperationException">Not all were confirmed, delivered and acknowledged.</exception>
    public long Check()
    {
        var total = _broker.Broker.Connections.Total();
        var queue = _broker.Broker.Catalog.FindVHost("/")!.FindQueue("q"u8)!;
        var gone = Options.RoutingKeys == 0 ? total.DroppedUnroutable : queue.Counters.Published;
        var delivered = queue.Counters.Delivered + queue.Counters.DeliveredNoAck;
        if (gone != total.Published
            || (Options.Confirms && total.Confirmed != total.Published)
            || (Options.Consumer && delivered != total.Published)
            || (Options.Acks && queue.Counters.Settled != total.Published))
        {
            throw new InvalidOperationException(
                $"published {total.Published}, routed {gone}, confirmed {total.Confirmed}, delivered {delivered}, "
                + $"settled {queue.Counters.Settled}");
        }

        return total.Published;
    }

    /// <summary>
    /// Publishes <see cref="TrafficOptions.Messages"/> messages and settles what is delivered of them.
    /// </summary>
    public void Round()
    {
        foreach (var publishes in _publishes)
        {
            _publisher.Send(publishes);
            _publisher.Forget();
            if (Options.Acks)
                Acknowledge();
            _consumer.Forget();
        }
    }

    public void Dispose() => _broker.Dispose();

    private void Acknowledge()
    {
        // Tags count deliveries, so they need not be read.
        for (var at = AckTagAt; at < _acks.Length; at += AckSize)
            BinaryPrimitives.WriteUInt64BigEndian(_acks.AsSpan(at), ++_tag);
        _consumer.Send(_acks);
    }

    private void Declare()
    {
        _publisher.Request(Channel, new QueueDeclare("q", Durable: Options.Persistent), MethodId.QueueDeclareOk);
        if (Options.ExchangeType.Length > 0)
        {
            _publisher.Request(
                Channel,
                new ExchangeDeclare(Options.Exchange, Options.ExchangeType, Arguments: Options.ExchangeArguments),
                MethodId.ExchangeDeclareOk);
        }

        if (Options.Exchange.Length > 0)
        {
            for (var i = 0; i < Options.RoutingKeys; i++)
            {
                var key = Options.ExchangeType.Length == 0 ? Key(i) : $"{i + 1}";
                _publisher.Request(Channel, new QueueBind("q", Options.Exchange, key), MethodId.QueueBindOk);
            }
        }

        if (Options.Confirms)
            _publisher.Request(Channel, new ConfirmSelect(), MethodId.ConfirmSelectOk);
        if (Options.Consumer)
        {
            _consumer.Request(
                Channel, new BasicConsume("q", "consumer", NoAck: !Options.Acks), MethodId.BasicConsumeOk);
        }
    }

    private string Key(int number) => Options.Exchange.Length == 0 ? "q" : $"some.key.{number}";

    private byte[] Publishes(int read)
    {
        using var frames = new ByteBuffer();
        var exchange = Encoding.UTF8.GetBytes(Options.Exchange);
        var properties = new BasicProperties
        {
            DeliveryMode = Options.Persistent ? (byte)2 : null,
            Headers = Options.Headers ? new FieldTable().Add("customer", "somebody").Add("attempt", 1) : null,
        }.ToBytes();
        for (var i = 0; i < Options.MessagesPerRead; i++)
        {
            var number = (read * Options.MessagesPerRead) + i;
            var key = Encoding.UTF8.GetBytes(Key(number % Math.Max(1, Options.RoutingKeys)));
            var publish = Options.Alternates && number % 2 == 1
                ? new BasicPublish(""u8, "q"u8) : new BasicPublish(exchange, key);
            FrameWriter.WriteContent(
                frames, Channel, publish, properties, new byte[Options.BodySize], 131_072);
        }

        return frames.WrittenSpan.ToArray();
    }

    private byte[] Acks()
    {
        var acks = new byte[Options.MessagesPerRead * AckSize];
        for (var at = 0; at < acks.Length; at += AckSize)
            FrameWriter.WriteMethod(acks.AsSpan(at), Channel, new BasicAck(0));
        return acks;
    }
}
