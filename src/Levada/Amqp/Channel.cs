using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// One session of one channel number: from channel.open until its end is complete. Belongs to the connection's turn;
/// what shards touch (tags, unsettled deliveries, flow, prefetch, confirms) is guarded by the outbox lock and kept in
/// Channel.Deliver.cs. A channel that waits for an answer parks its later frames; others of the connection go on.
/// </summary>
internal sealed partial class Channel
{
    private const int SmallParked = 256;

    private ByteBuffer? _parked;
    private int _parkedRead;

    // Other methods than publishes among them.
    private bool _hasParkedMore;
    private bool _isGated;
    private bool _isEnded;

    public Channel(Connection connection, ushort number)
    {
        Connection = connection;
        Number = number;
        _outbox = connection.Outbox;
        _spans = connection.Broker.Spans;
        _prefetch = connection.Broker.Options.DefaultConsumerPrefetch;
        _paused = connection.Broker.Drain.IsOn ? DeliveryPause.Drain : DeliveryPause.None;
        _openedMs = _stateSinceMs = LastReceivedMs = connection.LastReceivedMs;
    }

    public Connection Connection { get; }

    public ushort Number { get; }

    private Broker Broker => Connection.Broker;

    public ChannelMode Mode { get; private set; }

    /// <summary>Something was asked of a shard or the catalog; frames are parked until the answer is there.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Frames wait here for an answer, for credit or for the end of an alarm.</summary>
    public bool HasParked => _parked is not null;

    /// <summary>The server has closed it: everything but close and close-ok is discarded (rule D8).</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Nothing is delivered to it any more.</summary>
    public bool IsOver => IsClosing || _isEnded;

    /// <summary>A frame for this channel. May throw what the client did wrong.</summary>
    public void Receive(byte type, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> payload)
    {
        LastReceivedMs = Connection.LastReceivedMs;
        Counters.FramesReceived++;
        Counters.BytesReceived += frame.Length;
        if (IsClosing)
            ReceiveWhileClosing(type, payload);
        else if (MustPark(type, payload) || (_parked is not null && !PassesParked(type, payload)))
            Park(frame);
        else
            Handle(type, payload);
    }

    private bool MustPark(byte type, ReadOnlySpan<byte> payload)
    {
        if (IsWaiting)
            return true;
        if (type != Frame.Method || Connection.FrameMethod(payload) != MethodId.BasicPublish || !IsGateClosed())
            return false;
        _isGated = true;
        _throttle.Mark(Connection.LastReceivedMs);
        Connection.PublishGated();
        return true;
    }

    // Settles go past publishes that wait for credit or for an alarm to end, and past nothing else: behind a
    // channel.close they are the next session's.
    private bool PassesParked(byte type, ReadOnlySpan<byte> payload) =>
        _isGated && !IsWaiting && !_hasParkedMore && type == Frame.Method
        && Connection.FrameMethod(payload) is MethodId.BasicAck or MethodId.BasicNack or MethodId.BasicReject
        && _content == ContentState.None && Mode != ChannelMode.Transaction;

    private void Park(ReadOnlySpan<byte> frame)
    {
        _parked ??= new ByteBuffer(Math.Max(SmallParked, frame.Length));
        if (_parkedRead > _parked.Length / 2)
            CompactParked();
        _parked.Write(frame);
        _hasParkedMore |= frame[0] == Frame.Method
            && Connection.FrameMethod(frame[Frame.HeaderSize..]) != MethodId.BasicPublish;
        Connection.ParkedBytes += frame.Length;
    }

    // What was handled makes room; never during a replay, which reads here.
    private void CompactParked()
    {
        var rest = new ByteBuffer(_parked!.Length - _parkedRead + SmallParked);
        rest.Write(_parked.WrittenSpan[_parkedRead..]);
        _parked.Dispose();
        _parked = rest;
        _parkedRead = 0;
    }

    /// <summary>The oldest parked frame that may be handled now; empty if there is none.</summary>
    public ReadOnlySpan<byte> NextParked()
    {
        if (_parked is null)
            return default;
        var rest = _parked.WrittenSpan[_parkedRead..];
        if (rest.IsEmpty)
        {
            _parked.Dispose();
            _parked = null;
            _parkedRead = 0;
            _hasParkedMore = false;
            return default;
        }
        var frame = rest[..((int)FrameHeader.Read(rest).Size + Frame.Overhead)];
        // While its close is being answered, too: what follows is for the next session.
        if (IsWaiting || (!_isEnded && MustPark(frame[0], frame[Frame.HeaderSize..^1])))
            return default;
        _parkedRead += frame.Length;
        Connection.ParkedBytes -= frame.Length;
        return frame;
    }

    /// <summary>
    /// Handles a frame that was parked. A session that ended meanwhile has left its number to the next one.
    /// </summary>
    public void Replay(ReadOnlySpan<byte> frame)
    {
        var payload = frame[Frame.HeaderSize..^1];
        if (_isEnded && !IsClosing)
            Connection.Dispatch(frame);
        else if (IsClosing)
            ReceiveWhileClosing(frame[0], payload);
        else
            Handle(frame[0], payload);
    }

    /// <summary>The publish gate is open again; true if the channel has frames to go on with.</summary>
    public bool EndGate()
    {
        var wasGated = _isGated;
        if (wasGated)
            _throttle.Mark(Environment.TickCount64);
        _isGated = false;
        return wasGated && _parked is not null && !IsWaiting;
    }

    /// <summary>Posts all that came before, then asks; the channel waits until <see cref="Answered"/>.</summary>
    private void Ask(Shard shard, ShardWork question)
    {
        Connection.PostBatches();
        IsWaiting = true;
        shard.Post(question);
    }

    /// <summary>Lets the channel wait for something that is not a shard's answer, the catalog's for example.</summary>
    private void Wait()
    {
        Connection.PostBatches();
        IsWaiting = true;
    }

    /// <summary>The answer is there, on whatever thread: finishes the request under the connection's turn.</summary>
    private void Answered(Action? finish = null) => Connection.RunOnTurn(() =>
    {
        if (_isEnded)
            return;
        Connection.SetCurrent(this);
        IsWaiting = false;
        if (_parked is not null)
            Connection.Resume(this);
        finish?.Invoke();
    });

    private void Handle(byte type, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Frame.Method:
                CheckNoContentExpected();
                HandleMethod(Connection.FrameMethod(payload), payload[4..]);
                break;
            case Frame.Header:
                HandleContentHeader(payload);
                break;
            default:
                HandleContentBody(payload);
                break;
        }
    }

    private void HandleMethod(uint method, ReadOnlySpan<byte> args)
    {
        switch (method)
        {
            case MethodId.BasicPublish: HandlePublish(args); break;
            case MethodId.BasicAck: HandleAck(args); break;
            case MethodId.BasicNack: HandleNack(args); break;
            case MethodId.BasicReject: HandleReject(args); break;
            case MethodId.BasicGet: HandleGet(args); break;
            case MethodId.BasicConsume: HandleConsume(args); break;
            case MethodId.BasicCancel: HandleCancel(args); break;
            case MethodId.BasicQos: HandleQos(args); break;
            case MethodId.BasicRecover: HandleRecover(args, async: false); break;
            case MethodId.BasicRecoverAsync: HandleRecover(args, async: true); break;
            case MethodId.QueueDeclare: HandleQueueDeclare(args); break;
            case MethodId.QueueBind: HandleQueueBind(args); break;
            case MethodId.QueueUnbind: HandleQueueUnbind(args); break;
            case MethodId.QueuePurge: HandleQueuePurge(args); break;
            case MethodId.QueueDelete: HandleQueueDelete(args); break;
            case MethodId.ExchangeDeclare: HandleExchangeDeclare(args); break;
            case MethodId.ExchangeDelete: HandleExchangeDelete(args); break;
            case MethodId.ExchangeBind: HandleExchangeBind(args); break;
            case MethodId.ExchangeUnbind: HandleExchangeUnbind(args); break;
            case MethodId.ConfirmSelect: HandleConfirmSelect(args); break;
            case MethodId.TxSelect: HandleTxSelect(args); break;
            case MethodId.TxCommit: HandleTxCommit(args); break;
            case MethodId.TxRollback: HandleTxRollback(args); break;
            case MethodId.ChannelFlow: HandleFlow(args); break;
            case MethodId.ChannelFlowOk: break;
            case MethodId.BasicCancelOk: break;
            case MethodId.ChannelClose: HandleClose(args); break;
            case MethodId.ChannelOpen:
                throw new AmqpException(
                    ReplyCode.ChannelError,
                    $"second 'channel.open' seen (channel {Number} is open: close it first, or take another number)",
                    ErrorScope.Connection, method);
            case MethodId.ChannelCloseOk:
                throw new AmqpException(
                    ReplyCode.CommandInvalid, "channel.close-ok without a channel.close", ErrorScope.Connection,
                    method);
            default:
                throw NotForServers(method);
        }
    }

    // Rules C9, C10.
    private static AmqpException NotForServers(uint method) => MethodId.IsKnown(method)
        ? new AmqpException(
            ReplyCode.CommandInvalid,
            $"unimplemented method: {MethodId.Name(method)} is for the server to send", ErrorScope.Connection, method)
        : new AmqpException(
            ReplyCode.NotImplemented, $"unknown method {method >> 16},{method & 0xFFFF}", ErrorScope.Connection,
            method);

    /// <summary>501 for arguments that do not parse (rule C8).</summary>
    private static AmqpException CannotDecode(uint method) =>
        Connection.FrameError($"cannot decode the arguments of {MethodId.Name(method)}", method);

    private static AmqpException ChannelError(ushort code, string text, uint method) =>
        new(code, text, ErrorScope.Channel, method);

    /// <summary>Sends a reply on this channel.</summary>
    private void Reply<T>(in T method)
        where T : IMethod<T>
    {
        lock (_outbox.Lock)
            Write(method);
    }

    // Under the outbox lock. After a close nothing is written on the number (rule D13).
    private void Write<T>(in T method)
        where T : IMethod<T>
    {
        if (!_isOver)
            _outbox.Write(Number, method, Counters);
    }
}
