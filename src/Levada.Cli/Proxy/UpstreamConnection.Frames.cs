using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>What the broker sends. All of it under the pool's turn.</summary>
internal sealed partial class UpstreamConnection
{
    private void Process()
    {
        while (_reader.TryPeek(out var header, out var frame))
        {
            if (header.Channel == 0) OnConnectionFrame(frame);
            else OnChannelFrame(header, frame);
            _reader.Consume(frame.Length);
        }
    }

    private void OnConnectionFrame(ReadOnlySpan<byte> frame)
    {
        switch (FrameReader.MethodOf(frame))
        {
            case MethodId.ConnectionClose
                when ConnectionClose.TryRead(FrameReader.ArgumentsOf(frame), out var close):
                Link.Send(0, default(ConnectionCloseOk));
                End(close.ReplyCode, close.ReplyText, ((uint)close.ClassId << 16) | close.MethodId);
                _isOver = true;
                break;
            case MethodId.ConnectionCloseOk:
                _isOver = true;
                break;
            case MethodId.ConnectionBlocked
                when ConnectionBlocked.TryRead(FrameReader.ArgumentsOf(frame), out var blocked):
                BlockedReason = blocked.Reason;
                TellBlocked();
                break;
            case MethodId.ConnectionUnblocked:
                BlockedReason = null;
                TellBlocked();
                break;
            case MethodId.ConnectionUpdateSecretOk:
                Owner?.Link.Forward(frame, 0);
                break;
        }
    }

    private void TellBlocked()
    {
        foreach (var client in Clients()) client.UpdateBlocked();
    }

    private HashSet<ClientConnection> Clients()
    {
        var clients = _routes.Values.Select(static r => r.Client).OfType<ClientConnection>().ToHashSet();
        if (Owner is not null) clients.Add(Owner);
        return clients;
    }

    private void OnChannelFrame(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        var number = header.Channel;
        var method = FrameReader.MethodOf(frame);
        if (_opening.Contains(number))
        {
            OnSpare(number, method);
            return;
        }
        // Late frames of a channel that both sides have closed.
        if (!_routes.TryGetValue(number, out var route)) return;
        switch (method)
        {
            case MethodId.ChannelClose:
                OnChannelClose(route, frame);
                return;
            case MethodId.ChannelCloseOk:
                Free(number);
                OnChannelCloseOk(route);
                return;
            case not 0 when route.RepliesToDrop > 0:
                route.RepliesToDrop--;
                return;
            case MethodId.BasicCancel when route.Client is { WantsCancelNotify: false }:
                return;
            case MethodId.QueueDeclareOk
                when Owner is null && QueueDeclareOk.TryRead(FrameReader.ArgumentsOf(frame), out var declared):
                route.LastQueue = declared.Queue;
                break;
        }
        if (route.Client is not { } client) return;
        var waiting = client.Link.Forward(frame, route.Number);
        if (Owner is null && waiting > _pool.Proxy.Options.ClientBuffer) client.EndAsTooSlow(waiting);
    }

    private void OnSpare(ushort number, uint method)
    {
        _opening.Remove(number);
        if (method == MethodId.ChannelOpenOk)
        {
            _spares.Push(number);
            return;
        }
        if (method == MethodId.ChannelClose) Link.Send(number, default(ChannelCloseOk));
        _free.Push(number);
    }

    private void OnChannelClose(ChannelRoute route, ReadOnlySpan<byte> frame)
    {
        Link.Send(route.UpstreamNumber, default(ChannelCloseOk));
        // If our close is on its way the broker answers that too, and the number is not free before.
        if (!route.IsCloseSent) Free(route.UpstreamNumber);
        route.Upstream = null;
        route.DropContent();
        route.Moving?.TrySetResult(false);
        if (route.Client is { } client) client.OnChannelClose(route, frame);
        else Finish(route);
    }

    private static void OnChannelCloseOk(ChannelRoute route)
    {
        if (route.Moving is { } moving && route.Upstream is not null) moving.TrySetResult(true);
        else if (route.Client is { } client) client.OnChannelCloseOk(route);
        else Finish(route);
    }

    private static void Finish(ChannelRoute route)
    {
        route.Closed?.Invoke();
        route.Closed = null;
    }

    // The connection is over: whoever has a channel on it hears why. Who caused it gets the broker's words; others
    // learn that they only shared the connection.
    private void End(ushort code, string text, uint method)
    {
        IsGone = true;
        _pool.Remove(this);
        var culprits = method == 0 || Owner is not null
            ? []
            : _routes.Values.Where(r => r.LastMethod == method).Select(static r => r.Client).ToHashSet();
        var clients = Clients();
        if (clients.Count > 0 && !_isClosing) LogClosed(_pool.Proxy.Options.Upstream, clients.Count, code, text);
        foreach (var route in _routes.Values)
        {
            route.Upstream = null;
            route.Moving?.TrySetResult(false);
            Finish(route);
        }
        _routes.Clear();
        foreach (var client in clients)
        {
            if (culprits.Count == 0 || culprits.Contains(client))
                client.Close(new CloseException(code, text, method));
            else
                client.Close(CloseException.Of(
                    ReplyCode.ConnectionForced,
                    $"another client of the shared upstream connection made the broker close it: {text}"));
        }
        Owner = null;
    }
}
