using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>
/// The client's channels: opened, closed by either side, moved. Under the pool's turn, but for the wait.
/// </summary>
internal sealed partial class ClientConnection
{
    /// <summary>The broker has closed the channel; the frame says why.</summary>
    public void OnChannelClose(ChannelRoute route, ReadOnlySpan<byte> frame)
    {
        Link.Forward(frame, route.Number);
        // It crossed the client's own close, which gets its answer too; the client still owes its close-ok.
        if (route.IsClosedByClient) Link.Send(route.Number, default(ChannelCloseOk));
        UpdateBlocked();
    }

    /// <summary>The broker has closed the channel because the client asked for it.</summary>
    public void OnChannelCloseOk(ChannelRoute route)
    {
        if (route.Upstream is null) return;
        Link.Send(route.Number, default(ChannelCloseOk));
        _channels.Remove(route.Number);
        UpdateBlocked();
    }

    /// <summary>Tells the client, if it asked to be told, when publishing stops and goes on.</summary>
    public void UpdateBlocked()
    {
        if (!_wantsBlocked || _hasLeft) return;
        var reason = _channels.Values.Select(static r => r.Upstream?.BlockedReason).FirstOrDefault(r => r is not null);
        if (reason is not null == _isToldBlocked) return;
        _isToldBlocked = reason is not null;
        if (reason is not null) Link.Send(0, new ConnectionBlocked(reason));
        else Link.Send(0, default(ConnectionUnblocked));
    }

    private ClientStep OpenChannel(ushort number)
    {
        if (_channels.Count >= _channelMax)
        {
            throw CloseException.Of(
                ReplyCode.NotAllowed,
                $"number of channels opened ({_channels.Count}) has reached the negotiated channel_max ({_channelMax})",
                MethodId.ChannelOpen);
        }
        var upstream = _own is { HasRoom: true } ? _own : _pool!.FindRoom();
        if (upstream is null) return ClientStep.NeedsUpstream;
        var route = new ChannelRoute(this, number);
        _channels.Add(number, route);
        _proxy.Counters.ChannelsOpened.Add();
        if (upstream.Attach(route))
        {
            _proxy.Counters.ChannelsReady.Add();
            Link.Send(number, default(ChannelOpenOk));
        }
        UpdateBlocked();
        return ClientStep.Receive;
    }

    /// <summary>Gives the client a connection of its own, and the channel a place on it.</summary>
    private async Task MoveAsync()
    {
        var route = _toMove;
        _toMove = null;
        lock (_pool!.Turn)
        {
            if (_own is null && route?.Upstream?.TryGiveTo(this) == true) _own = route.Upstream;
        }
        if (_own is null)
        {
            var own = await _pool.OpenAsync(this);
            lock (_pool.Turn) _own = own;
        }
        if (route is not null && route.Upstream != _own) await MoveAsync(route, _own);
    }

    // The old channel is closed first: what the client had sent on it is handled by then, and answered.
    private async Task MoveAsync(ChannelRoute route, UpstreamConnection own)
    {
        TaskCompletionSource<bool> moving;
        lock (_pool!.Turn)
        {
            if (_hasLeft || route.Upstream is not { } old) return;
            route.Moving = moving = new(TaskCreationOptions.RunContinuationsAsynchronously);
            old.CloseChannel(route);
        }
        var isFree = await moving.Task;
        lock (_pool.Turn)
        {
            route.Moving = null;
            if (!isFree || _hasLeft || own.IsGone) return;
            _proxy.Counters.ChannelsMoved.Add();
            // The client knows of none of this.
            route.RepliesToDrop = own.Attach(route) ? 0 : 1;
            foreach (var setting in route.Settings)
            {
                if (setting is null) continue;
                own.Link.Forward(setting, route.UpstreamNumber);
                route.RepliesToDrop++;
            }
            if (route.LastQueue is { } queue)
            {
                own.Link.Send(route.UpstreamNumber, new QueueDeclare(queue, Passive: true));
                route.RepliesToDrop++;
            }
            UpdateBlocked();
        }
    }

    private ClientStep RefuseExclusive(ChannelRoute route, uint method)
    {
        RefuseChannel(
            route, ReplyCode.NotImplemented,
            "an exclusive queue needs an upstream connection of its own, which this channel cannot move to after "
            + "basic.get, tx.select or publishing with confirms: declare it first, or on another channel", method);
        return ClientStep.Receive;
    }

    // Closes a channel on both sides for a reason of the proxy's.
    private void RefuseChannel(ChannelRoute route, ushort code, string explanation, uint method)
    {
        route.DropContent();
        route.Client = null;
        route.Upstream!.CloseChannel(route);
        // Stands for the number until the client's close-ok.
        _channels[route.Number] = new ChannelRoute(this, route.Number);
        var text = $"{ReplyCode.Name(code)} - {explanation}";
        Link.Send(route.Number, new ChannelClose(code, text, (ushort)(method >> 16), (ushort)method));
    }
}
