using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>The channels of a connection: opening, finding, numbers that are free again (rules D1-D12).</summary>
public sealed partial class Connection
{
    // So many closed channels are remembered for the texts of errors that come of using them.
    private const int ClosedRemembered = 16;

    private readonly Dictionary<ushort, Channel> _channels = [];
    private readonly Queue<ClosedChannel> _closedLately = new();
    private ulong[] _everOpened = [];
    private Channel? _last;

    // What errors belong to: the channel, null if there is none; the number of the frame, open or not.
    private Channel? _current;
    private ushort _frameChannel;

    /// <summary>Open channels, those being closed included.</summary>
    public int ChannelCount => _channels.Count;

    /// <summary>Channels opened since the connection was opened.</summary>
    public long ChannelsOpened { get; private set; }

    private void HandleOnChannel(FrameHeader header, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> payload)
    {
        if (header.Type == Frame.Heartbeat)
        {
            HandleHeartbeat(header, payload);
            return;
        }
        if (header.Type == Frame.Method && payload.Length < 4)
            throw FrameError("method frame without a method");
        var channel = _last is not null && _last.Number == header.Channel ? _last : Find(header.Channel);
        _current = channel;
        if (channel is null)
        {
            HandleUnopened(header.Channel, header.Type == Frame.Method ? FrameMethod(payload) : 0, payload);
            return;
        }
        channel.Receive(header.Type, frame, payload);
    }

    /// <summary>A channel on which the tag is outstanding: where it should be settled. Under the outbox lock.</summary>
    internal Channel? FindHolder(ulong tag) => _channels.Values.FirstOrDefault(c => c.Holds(tag));

    private Channel? Find(ushort number)
    {
        if (_channels.TryGetValue(number, out var channel))
            _last = channel;
        return channel;
    }

    private void HandleUnopened(ushort number, uint method, ReadOnlySpan<byte> payload)
    {
        switch (method)
        {
            case MethodId.ChannelOpen:
                OpenChannel(number, payload[4..]);
                break;
            // Both sides closing at once is nobody's fault (rules D6, D9, D12).
            case MethodId.ChannelClose:
                Outbox.Send(number, new ChannelCloseOk());
                break;
            case MethodId.ChannelCloseOk:
                break;
            // What was on its way when the channel went.
            case MethodId.BasicAck or MethodId.BasicNack or MethodId.BasicReject or MethodId.BasicCancel
                when WasOpened(number):
                break;
            default:
                throw new AmqpException(
                    ReplyCode.ChannelError, $"expected 'channel.open' ({WhyNotOpen(number)})", ErrorScope.Connection,
                    method);
        }
    }

    private void OpenChannel(ushort number, ReadOnlySpan<byte> args)
    {
        if (!ChannelOpen.TryRead(args, out _))
            throw FrameError("cannot decode channel.open", MethodId.ChannelOpen);
        // A limit on how many are open at once, not on their numbers (rule D2).
        if (ChannelMax != 0 && _channels.Count >= ChannelMax)
        {
            Broker.Limits.Channels.CountRefused();
            var nowMs = Environment.TickCount64;
            var idle = _channels.Values.Count(c => nowMs - c.LastUsedMs > Errors.IdleMinutes * 60_000);
            throw Errors.ChannelLimit(_channels.Count, idle, ChannelMax, Broker.Options.ChannelMax);
        }
        Broker.Connections.OpenChannel(this);
        var channel = new Channel(this, number);
        _channels.Add(number, channel);
        _last = channel;
        ChannelsOpened++;
        MarkOpened(number);
        PublishOpened(channel);
        Outbox.Send(number, new ChannelOpenOk());
    }

    /// <summary>The number is free again; false if the session had left it before.</summary>
    internal bool Forget(Channel channel, string reason)
    {
        if (_channels.GetValueOrDefault(channel.Number) != channel)
            return false;
        _channels.Remove(channel.Number);
        if (ReferenceEquals(_last, channel))
            _last = null;
        if (_closedLately.Count == ClosedRemembered)
            _closedLately.Dequeue();
        _closedLately.Enqueue(new ClosedChannel(channel.Number, reason, Environment.TickCount64));
        Broker.Connections.CloseChannel(this);
        Broker.Departed.Add(channel.OwnBytes);
        PublishClosed(channel);
        return true;
    }

    private string WhyNotOpen(ushort number)
    {
        var closed = _closedLately.LastOrDefault(c => c.Number == number);
        if (closed is not null)
            return $"channel {number} is not open; it {closed.Reason} {Environment.TickCount64 - closed.AtMs} ms ago";
        return WasOpened(number) ? $"channel {number} is not open any more" : $"channel {number} was never opened";
    }

    private bool WasOpened(ushort number) =>
        number / 64 < _everOpened.Length && (_everOpened[number / 64] & (1UL << (number % 64))) != 0;

    private void MarkOpened(ushort number)
    {
        if (number / 64 >= _everOpened.Length)
            Array.Resize(ref _everOpened, Math.Min(1024, Math.Max((number / 64) + 1, _everOpened.Length * 2)));
        _everOpened[number / 64] |= 1UL << (number % 64);
    }

    private sealed record ClosedChannel(ushort Number, string Reason, long AtMs);
}
