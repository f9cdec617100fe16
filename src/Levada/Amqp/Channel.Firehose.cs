using System.Buffers.Binary;
using Levada.Events;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What passes this channel while its virtual host is traced. See <see cref="Firehose"/>.</summary>
internal sealed partial class Channel
{
    // Handed out in this turn of some shard: noted when its lock is free again. Under the outbox lock.
    private List<InternalMessage>? _traced;

    private FirehoseClient FirehoseClient => new(
        Broker.NodeName, Connection.VHost!.Name, Connection.Name, Number, Connection.UserName!);

    private void TracePublish(Exchange trace, RouteResult result, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            body = head[_headSize..];
        var file = _bodyWriter?.File;
        file?.Hold();
        Broker.Publisher.Publish(Firehose.Published(
            trace, FirehoseClient, new StoredMessage(head[.._headSize]), body, file, result.Queues,
            Connection.NowMs));
    }

    // Under the outbox lock, on the queue's turn. Copies are not traced: one would make another.
    private void TraceDelivery(Exchange trace, Queue queue, bool redelivered, scoped StoredMessage message)
    {
        if (message.Exchange.SequenceEqual(Firehose.ExchangeNameUtf8))
            return;
        var file = message.IsBodyApart
            ? Broker.Bodies.Find(BinaryPrimitives.ReadUInt64LittleEndian(message.Body))
            : null;
        file?.Hold();
        (_traced ??= []).Add(Firehose.Delivered(trace, FirehoseClient, message, file, queue, redelivered));
    }

    private void PublishTraced()
    {
        List<InternalMessage>? traced;
        lock (_outbox.Lock)
            (traced, _traced) = (_traced, null);
        foreach (var message in traced ?? [])
            Broker.Publisher.Publish(message);
    }
}
