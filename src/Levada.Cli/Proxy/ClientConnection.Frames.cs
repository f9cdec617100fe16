using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>What the client sends. All of it under the pool's turn.</summary>
internal sealed partial class ClientConnection
{
    private ClientStep ProcessFrames()
    {
        while (_reader.TryPeek(out var header, out var frame))
        {
            var step = header.Channel == 0
                ? OnConnectionFrame(header, frame)
                : _isClosing ? ClientStep.Receive : OnChannelFrame(header, frame);
            if (step is ClientStep.NeedsUpstream or ClientStep.NeedsOwn) return step;
            _reader.Consume(frame.Length);
            if (step != ClientStep.Receive) return step;
        }
        return ClientStep.Receive;
    }

    private ClientStep OnConnectionFrame(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        var method = FrameReader.MethodOf(frame);
        switch (method)
        {
            case MethodId.ConnectionCloseOk when _isClosing:
                return ClientStep.End;
            case MethodId.ConnectionClose:
                return ClientStep.Leave;
            case var _ when _isClosing || header.Type == Frame.Heartbeat:
                return ClientStep.Receive;
            case MethodId.ConnectionUpdateSecret:
                if (_own is not { IsGone: false } own) return ClientStep.NeedsOwn;
                own.Link.Forward(frame, 0);
                return ClientStep.Receive;
            case 0:
                throw CloseException.Of(
                    ReplyCode.UnexpectedFrame, "expected method frame, got non method frame on channel 0 instead");
            default:
                throw CloseException.Of(
                    ReplyCode.ChannelError, "unexpected method in connection state running", method);
        }
    }

    private ClientStep OnChannelFrame(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        var number = header.Channel;
        var method = FrameReader.MethodOf(frame);
        if (!_channels.TryGetValue(number, out var route))
        {
            switch (method)
            {
                case MethodId.ChannelOpen:
                    return OpenChannel(number);
                case MethodId.ChannelClose:
                    Link.Send(number, default(ChannelCloseOk));
                    return ClientStep.Receive;
                case MethodId.ChannelCloseOk:
                    return ClientStep.Receive;
                default:
                    throw CloseException.Of(
                        ReplyCode.ChannelError, $"expected 'channel.open' (channel {number} is not open)", method);
            }
        }
        if (route.Upstream is null)
        {
            // Closed by the broker: until the client has said so too, what it sends is void.
            if (method is not (MethodId.ChannelCloseOk or MethodId.ChannelClose)) return ClientStep.Receive;
            if (method == MethodId.ChannelClose) Link.Send(number, default(ChannelCloseOk));
            _channels.Remove(number);
            return ClientStep.Receive;
        }
        // After its close only the broker's may still cross it.
        if (route.IsCloseSent) return ClientStep.Receive;
        return header.Type switch
        {
            Frame.Method => OnMethod(route, method, frame),
            Frame.Header => OnContentHeader(route, frame),
            Frame.Body => OnBody(route, frame),
            _ => throw CloseException.Of(
                ReplyCode.FrameError, $"frame of type {header.Type} on channel {number}"),
        };
    }

    private ClientStep OnMethod(ChannelRoute route, uint method, ReadOnlySpan<byte> frame)
    {
        if (route.IsInContent) throw UnexpectedFrame(route);
        var arguments = frame.Length >= Frame.Overhead + 4 ? FrameReader.ArgumentsOf(frame) : default;
        switch (MethodSyntax.IsWellFormed(method, arguments))
        {
            case null:
                throw CloseException.Of(ReplyCode.CommandInvalid, "unimplemented method", method);
            case false:
                throw CloseException.Of(
                    ReplyCode.SyntaxError, $"the arguments of {MethodId.Name(method)} are malformed", method);
        }
        if (method == MethodId.ChannelOpen)
            throw CloseException.Of(ReplyCode.ChannelError, "second 'channel.open' seen", method);
        if (route.Upstream != _own && SharingRules.NeedsOwn(method, arguments, _own is not null))
        {
            if (!route.IsBound || (_own is null && route.Upstream!.TryGiveTo(this)))
            {
                _toMove = route;
                return ClientStep.NeedsOwn;
            }
            if (SharingRules.IsExclusive(method, arguments)) return RefuseExclusive(route, method);
        }
        SharingRules.Remember(route, method, frame);
        route.LastMethod = method;
        if (method == MethodId.ChannelClose) route.IsCloseSent = route.IsClosedByClient = true;
        if (method != MethodId.BasicPublish) return Forward(route, frame);
        route.BeginContent(frame);
        return ClientStep.Receive;
    }

    private ClientStep OnContentHeader(ChannelRoute route, ReadOnlySpan<byte> frame)
    {
        if (!route.AwaitsHeader) throw UnexpectedFrame(route);
        if (!ContentHeader.TryRead(frame[Frame.HeaderSize..^1], out var header) || header.ClassId != 60
            || !BasicPropertiesReader.TryRead(header.Properties, out _))
        {
            throw CloseException.Of(
                ReplyCode.SyntaxError, "the content header is malformed", MethodId.BasicPublish);
        }
        if (header.BodySize > (ulong)_proxy.Options.MaxMessageSize)
        {
            RefuseChannel(
                route, ReplyCode.PreconditionFailed,
                $"message size {header.BodySize} is larger than the proxy's --max-message-size "
                + $"{_proxy.Options.MaxMessageSize}", MethodId.BasicPublish);
            return ClientStep.Receive;
        }
        route.AddHeader(frame, header.BodySize);
        return header.BodySize == 0 ? ForwardContent(route) : ClientStep.Receive;
    }

    private ClientStep OnBody(ChannelRoute route, ReadOnlySpan<byte> frame)
    {
        if (route.BodyLeft == 0) throw UnexpectedFrame(route);
        if ((ulong)(frame.Length - Frame.Overhead) > route.BodyLeft)
        {
            throw CloseException.Of(
                ReplyCode.UnexpectedFrame, "the body is longer than its content header says", MethodId.BasicPublish);
        }
        route.AddBody(frame);
        return route.BodyLeft == 0 ? ForwardContent(route) : ClientStep.Receive;
    }

    private ClientStep Forward(ChannelRoute route, ReadOnlySpan<byte> frame)
    {
        if (route.Upstream!.Link.Forward(frame, route.UpstreamNumber) <= Link.HighWater) return ClientStep.Receive;
        _full = route.Upstream;
        return ClientStep.NeedsRoom;
    }

    // A message goes upstream as a whole: half of one would stay there if the client went away.
    private ClientStep ForwardContent(ChannelRoute route)
    {
        var upstream = route.Upstream!;
        upstream.Link.Write(route.Content);
        route.EndContent();
        if (upstream.Link.Waiting <= Link.HighWater) return ClientStep.Receive;
        _full = upstream;
        return ClientStep.NeedsRoom;
    }

    private static CloseException UnexpectedFrame(ChannelRoute route) => CloseException.Of(
        ReplyCode.UnexpectedFrame,
        route.AwaitsHeader ? "expected content header for class 60, got non content header frame instead"
            : route.BodyLeft > 0 ? "expected content body, got non content body frame instead"
            : "expected method frame, got non method frame instead",
        route.IsInContent ? MethodId.BasicPublish : 0);
}
