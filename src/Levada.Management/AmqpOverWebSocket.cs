using System.Net;
using Levada.Management.Api;
using Microsoft.AspNetCore.Http;

namespace Levada.Management;

/// <summary>
/// AMQP for browsers: a WebSocket to any path but those of the API becomes a connection like one over TCP.
/// </summary>
internal sealed class AmqpOverWebSocket(Broker broker)
{
    private const string SubProtocol = "amqp";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.WebSockets.IsWebSocketRequest || context.Features.Get<ControlClient>() is not null
            || Endpoints.IsOwnPath(context.Request.Path))
        {
            await next(context);
            return;
        }
        if (broker.AreListenersSuspended)
        {
            await Reply.ErrorAsync(
                context, StatusCodes.Status503ServiceUnavailable, "service_unavailable",
                "the broker takes no new connections for now: `levada resume_listeners` ends that");
            return;
        }
        // Some clients, CloudAMQP's among them, ask for none.
        var asked = context.WebSockets.WebSocketRequestedProtocols;
        if (asked.Count > 0 && !asked.Contains(SubProtocol))
        {
            await Reply.ErrorAsync(
                context, StatusCodes.Status400BadRequest, "bad_request",
                $"the WebSocket sub-protocol here is {SubProtocol}, not {string.Join(", ", asked)}");
            return;
        }
        var socket = await context.WebSockets.AcceptWebSocketAsync(asked.Count > 0 ? SubProtocol : null);
        var bytes = new WebSocketBytes(socket, context.Abort);
        var at = context.Connection;
        await broker.ServeWebSocketAsync(
            bytes, EndPoint(at.RemoteIpAddress, at.RemotePort), EndPoint(at.LocalIpAddress, at.LocalPort),
            ClientAddress.Of(context), bytes.EndOutput);
    }

    private static IPEndPoint? EndPoint(IPAddress? address, int port) =>
        address is null ? null : new IPEndPoint(address, port);
}
