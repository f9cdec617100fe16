using System.Buffers;
using System.Buffers.Binary;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// From the frames of a basic.publish to one message: method, header, bodies (rules C12-C15). The message is put
/// together in its stored layout; a body of one frame never leaves the read buffer until it is in its batch.
/// </summary>
internal sealed partial class Channel
{
    private const int FixedSize = sizeof(ulong) + 2;

    private ContentState _content;
    private bool _mandatory;
    private bool _immediate;
    private bool _isPersistent;
    private ulong _bodySize;
    private ulong _received;
    private byte[] _message = [];
    private int _messageUsed;
    private int _headSize;
    private int _unfinished;

    private void HandlePublish(ReadOnlySpan<byte> args)
    {
        if (!BasicPublish.TryRead(args, out var publish))
            throw CannotDecode(MethodId.BasicPublish);
        _mandatory = publish.Mandatory;
        _immediate = publish.Immediate;
        _messageUsed = 0;
        if (_message.Length == 0)
            _message = Connection.TakeScratch();
        var size = FixedSize + publish.Exchange.Length + publish.RoutingKey.Length;
        var to = Reserve(size);
        BinaryPrimitives.WriteInt64LittleEndian(to, Connection.NowMs);
        to[8] = (byte)publish.Exchange.Length;
        publish.Exchange.CopyTo(to[9..]);
        to = to[(9 + publish.Exchange.Length)..];
        to[0] = (byte)publish.RoutingKey.Length;
        publish.RoutingKey.CopyTo(to[1..]);
        _messageUsed = size;
        _content = ContentState.Header;
    }

    private void CheckNoContentExpected()
    {
        if (_content == ContentState.None)
            return;
        var expected = _content == ContentState.Header ? "content header for class 60" : "content body";
        throw Unexpected(
            $"expected {expected}, got non {(_content == ContentState.Header ? "content header" : "content body")} "
            + "frame "
            + $"instead: were two publishes interleaved on channel {Number}? A channel must not be shared by threads "
            + "without a lock",
            MethodId.BasicPublish);
    }

    private void HandleContentHeader(ReadOnlySpan<byte> payload)
    {
        if (_content != ContentState.Header)
            throw UnexpectedContent();
        if (!ContentHeader.TryRead(payload, out var header))
            throw Connection.FrameError("cannot decode content header", MethodId.BasicPublish);
        if (header.ClassId != MethodId.BasicPublish >> 16)
        {
            throw Unexpected(
                $"expected content header for class 60, got one for class {header.ClassId} instead",
                MethodId.BasicPublish);
        }
        if (!BasicPropertiesReader.TryRead(header.Properties, out var properties))
            throw Connection.FrameError("cannot decode the properties of a content header", MethodId.BasicPublish);
        CheckSize(header.BodySize);
        _bodySize = header.BodySize;
        _received = 0;
        _isPersistent = properties.DeliveryMode == 2;
        if (Broker.Interceptors is { } interceptors)
            AppendIntercepted(interceptors, header.Properties);
        else
            AppendProperties(header.Properties);
        _content = ContentState.Body;
        if (_bodySize == 0)
            CompleteContent(default);
    }

    // Rule C15: decided on the header; what is already on its way is discarded with the channel.
    private void CheckSize(ulong bodySize)
    {
        var max = Broker.Options.MaxMessageSize;
        if (bodySize > (ulong)Broker.Limits.MessageSize.Peak)
            Broker.Limits.LargestMessage(Connection, (long)Math.Min(bodySize, (ulong)max), max);
        if (bodySize > (ulong)max)
        {
            Broker.Limits.MessageSize.CountRefused();
            throw ChannelError(
                ReplyCode.PreconditionFailed,
                $"message size {bodySize} is larger than configured max size {max} (max_message_size)",
                MethodId.BasicPublish);
        }
    }

    private void AppendIntercepted(MessageInterceptors interceptors, ReadOnlySpan<byte> properties)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(interceptors.ScratchSize(properties.Length));
        AppendProperties(interceptors.Apply(properties, Connection.NowMs, scratch));
        ArrayPool<byte>.Shared.Return(scratch);
    }

    private void AppendProperties(ReadOnlySpan<byte> properties)
    {
        var to = Reserve(sizeof(uint) + properties.Length + sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)properties.Length);
        properties.CopyTo(to[sizeof(uint)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[(sizeof(uint) + properties.Length)..], BodyField);
        _messageUsed += sizeof(uint) + properties.Length + sizeof(uint);
        _headSize = _messageUsed;
    }

    private void HandleContentBody(ReadOnlySpan<byte> payload)
    {
        if (_content != ContentState.Body)
            throw UnexpectedContent();
        if (_received + (ulong)payload.Length > _bodySize)
        {
            throw Connection.FrameError(
                $"content body frame exceeds remaining content size ({_bodySize - _received} octets)",
                MethodId.BasicPublish);
        }
        if (_received == 0 && (ulong)payload.Length == _bodySize && !IsBodyApart)
        {
            CompleteContent(payload);
            return;
        }
        CheckUnfinished(payload.Length);
        // Grown with what arrives: a header alone makes nobody allocate what it claims.
        payload.CopyTo(Reserve(payload.Length));
        _messageUsed += payload.Length;
        _received += (ulong)payload.Length;
        if (IsBodyApart)
            ReceiveBodyApart();
        else if (_received == _bodySize)
            CompleteContent(default);
    }

    private void CompleteContent(ReadOnlySpan<byte> body)
    {
        _content = ContentState.None;
        try
        {
            Publish(_message.AsSpan(0, _messageUsed), body);
        }
        finally
        {
            ReleaseMessage();
        }
    }

    private void ReleaseMessage()
    {
        if (_message.Length > 0)
            Connection.ReturnScratch(_message);
        _message = [];
        Connection.UnfinishedBytes -= _unfinished;
        _unfinished = 0;
        ReleaseBodyApart();
        _content = ContentState.None;
    }

    private Span<byte> Reserve(int size)
    {
        if (_message.Length - _messageUsed < size)
        {
            var grown = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_messageUsed + size), _message.Length * 2));
            _message.AsSpan(0, _messageUsed).CopyTo(grown);
            Connection.ReturnScratch(_message);
            _message = grown;
        }
        return _message.AsSpan(_messageUsed);
    }

    // All channels of a connection may have begun a large message and finish none.
    private void CheckUnfinished(int size)
    {
        _unfinished += size;
        Connection.UnfinishedBytes += size;
        if (Connection.UnfinishedBytes > Broker.Options.UnfinishedMax)
        {
            throw ChannelError(
                ReplyCode.ResourceError,
                $"this connection has begun messages of more than {Broker.Options.UnfinishedMax} octets on its "
                + "channels "
                + "and finished none of them (unfinished_max)",
                MethodId.BasicPublish);
        }
    }

    private AmqpException UnexpectedContent() => _content switch
    {
        ContentState.None => Unexpected("expected method frame, got non method frame instead", 0),
        ContentState.Header => Unexpected(
            "expected content header for class 60, got non content header frame instead", MethodId.BasicPublish),
        _ => Unexpected("expected content body, got non content body frame instead", MethodId.BasicPublish),
    };

    private static AmqpException Unexpected(string text, uint method) =>
        new(ReplyCode.UnexpectedFrame, text, ErrorScope.Connection, method);
}
