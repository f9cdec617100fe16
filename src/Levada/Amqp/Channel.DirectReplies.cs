using System.Buffers;
using System.Text;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>A channel's side of direct reply-to (rule I15).</summary>
internal sealed partial class Channel
{
    private string? _replyName;
    private string _replyConsumerTag = "";
    private byte[] _replyTemplate = [];

    private void ConsumeDirectReplies(BasicConsume consume)
    {
        if (!consume.NoAck)
            throw Errors.Precondition("reply consumer cannot acknowledge", MethodId.BasicConsume);
        if (_replyName is not null)
            throw Errors.Precondition("reply consumer already set", MethodId.BasicConsume);
        _replyConsumerTag = NewConsumerTag(consume.ConsumerTag);
        _replyTemplate = MakeDeliverTemplate(_replyConsumerTag);
        lock (_outbox.Lock)
        {
            if (!consume.NoWait)
                Write(new BasicConsumeOk(_replyConsumerTag));
            _replyName = Broker.DirectReplies.Add(this);
        }
    }

    // A passive declare asks whether a requester still lives.
    private bool DeclareDirectReplies(QueueDeclare declare)
    {
        if (!DirectReplies.IsRequestName(declare.Queue) && !DirectReplies.IsReplyName(declare.Queue))
            return false;
        if (DirectReplies.IsReplyName(declare.Queue) && !Broker.DirectReplies.IsAlive(declare.Queue))
            throw Errors.NoQueue(declare.Queue, Connection.VHost!.Name, MethodId.QueueDeclare);
        if (!declare.NoWait)
            Reply(new QueueDeclareOk(declare.Queue, 0, 1));
        return true;
    }

    private bool CancelDirectReplies(string consumerTag)
    {
        if (_replyName is null || consumerTag != _replyConsumerTag)
            return false;
        EndDirectReplies();
        return true;
    }

    private void EndDirectReplies()
    {
        if (_replyName is null)
            return;
        Broker.DirectReplies.Remove(_replyName);
        // Under the lock: no reply follows cancel-ok.
        lock (_outbox.Lock)
            _replyName = null;
    }

    private static bool IsDirectReplyTo(ReadOnlySpan<byte> replyTo) =>
        replyTo.SequenceEqual("amq.rabbitmq.reply-to"u8) || replyTo.SequenceEqual("amq.direct.reply-to"u8);

    // What is rented is the caller's to return.
    private ReadOnlySpan<byte> RewriteReplyTo(ReadOnlySpan<byte> properties, out byte[] rented)
    {
        if (_replyName is null)
            throw Errors.Precondition("fast reply consumer does not exist", MethodId.BasicPublish);
        var name = Encoding.UTF8.GetBytes(_replyName);
        rented = ArrayPool<byte>.Shared.Rent(properties.Length + name.Length + 1);
        return rented.AsSpan(0, BasicPropertiesRewriter.ReplaceReplyTo(properties, name, rented));
    }

    private static ReadOnlySpan<byte> RemoveBcc(ReadOnlySpan<byte> properties, out byte[] rented)
    {
        rented = ArrayPool<byte>.Shared.Rent(properties.Length);
        return rented.AsSpan(0, BasicPropertiesRewriter.RemoveHeader(properties, "BCC"u8, rented));
    }

    /// <summary>A reply for this channel, from the replier's thread. False if it has no room or is over.</summary>
    public bool DeliverReply(scoped StoredMessage message, ReadOnlySpan<byte> body)
    {
        lock (_outbox.Lock)
        {
            if (_replyName is null || _isOver || _outbox.IsOver || _paused.HasFlag(DeliveryPause.Client)
                || !_outbox.HasRoom || _outbox.IsCongested)
            {
                return false;
            }
            CountDelivery(noAck: true, redelivered: false);
            WriteDeliverHead(_replyTemplate, _unsettled.AddSettled(), false, message);
            WriteContent(message, body, isLoose: true);
        }
        _outbox.Flush();
        return true;
    }
}
