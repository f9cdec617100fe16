using System.Buffers.Binary;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Amqp;

/// <summary>
/// A body of more than 1 MiB: written to a file of its own as it arrives, by the connection's own thread, so that a
/// disk that is slow to take it holds up nobody else. The message names the file and goes on like any other.
/// </summary>
internal sealed partial class Channel
{
    // Gathered before it is written: few writes however small the frames are, and a client that begins many messages
    // and finishes none gets no file for a few bytes.
    private const int GatheredMax = 256 * 1024;

    private BodyWriter? _bodyWriter;
    private IOException? _bodyFault;

    private bool IsBodyApart => _bodySize > BodyFiles.LargeAbove;

    // What stands in the message where the body's length is.
    private uint BodyField => IsBodyApart ? StoredMessage.FieldOfBodyApart((uint)_bodySize) : (uint)_bodySize;

    private void ReceiveBodyApart()
    {
        var isWhole = _received == _bodySize;
        if (isWhole || _messageUsed - _headSize >= GatheredMax)
            WriteGathered();
        if (!isWhole)
            return;
        _content = ContentState.None;
        if (_bodyFault is not null || !(_isPersistent || IsForQuorumQueue()))
        {
            CompleteBodyApart(_bodyFault);
            return;
        }
        // No record may name it before it is on the disk. Other channels go on.
        Wait();
        _bodyWriter!.Sync(fault => Answered(() => CompleteBodyApart(fault)));
    }

    // Which keeps it over a restart, though it is transient. Routed once more when it is published.
    private bool IsForQuorumQueue()
    {
        var message = new StoredMessage(_message.AsSpan(0, _headSize));
        BasicPropertiesReader.TryRead(message.Properties, out var properties);
        foreach (var queue in Route(message, properties, Router.HasCarbonCopies(properties.HeadersBytes)).Queues)
        {
            if (queue.KeepsAll)
                return true;
        }
        return false;
    }

    // What cannot be stored is read to its end all the same: then the client is told.
    private void WriteGathered()
    {
        var gathered = _message.AsSpan(_headSize, _messageUsed - _headSize);
        _messageUsed = _headSize;
        if (_bodyFault is not null)
            return;
        try
        {
            _bodyWriter ??= Broker.Bodies.Create();
            _bodyWriter.Write(gathered, _isPersistent);
        }
        catch (IOException e)
        {
            _bodyFault = e;
        }
    }

    private void CompleteBodyApart(IOException? fault)
    {
        try
        {
            if (fault is not null)
            {
                RefuseBody(fault);
                return;
            }
            BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), _bodyWriter!.File.Number);
            _messageUsed += sizeof(ulong);
            Publish(_message.AsSpan(0, _messageUsed), default);
        }
        finally
        {
            ReleaseMessage();
        }
    }

    private void RefuseBody(IOException fault)
    {
        Counters.Published++;
        Connection.Counters.Published++;
        Connection.BodyNotStored(this, _bodySize, fault);
        if (Mode == ChannelMode.Confirm)
        {
            Nack();
            return;
        }
        throw ChannelError(
            ReplyCode.ResourceError,
            $"a body of {_bodySize} octets could not be stored: the broker's disk took no more",
            MethodId.BasicPublish);
    }

    // Abandoned content leaves no file; one that was published is held by whoever has the message.
    private void ReleaseBodyApart()
    {
        _bodyWriter?.Dispose();
        _bodyWriter = null;
        _bodyFault = null;
    }
}
