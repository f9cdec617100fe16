using System.Buffers;
using System.Text.Json;
using Levada.Events;
using Levada.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;

namespace Levada.Management.Api;

/// <summary>
/// GET /api/events: what comes and goes, from now on, as server-sent events with the keys and headers of the event
/// exchange. For administrators and monitoring; what concerns users and rights for administrators.
/// </summary>
internal sealed class EventsEndpoint(Broker broker, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    public async Task GetAsync(HttpContext context)
    {
        if (!broker.HttpStreams.TryEnter())
        {
            await Reply.TooManyStreamsAsync(context, broker);
            return;
        }
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, lifetime.ApplicationStopping);
            using var listener = broker.EventFeed.Listen();
            var events = new ServerSentEvents(context);
            await events.StartAsync();
            while (Roles.Asking(context, broker) is { } user && broker.MayMonitor(user.Name))
                await PassOnAsync(events, listener, context.Request.Query["key"], user.Name, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The client is gone, or the broker goes.
        }
        finally
        {
            broker.HttpStreams.Leave();
        }
    }

    // All that waits; after a while of nothing a sign of life, so that a client which is gone is found out.
    private async Task PassOnAsync(
        ServerSentEvents events, EventListener listener, StringValues keys, string user, CancellationToken end)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
        patience.CancelAfter(SignOfLife);
        try
        {
            await listener.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            await events.SendCommentAsync("nothing new");
        }
        while (listener.TryRead() is { } happened)
        {
            if (IsWanted(happened.Key, keys) && MaySee(happened.Key, user))
                await events.SendAsync(happened.Key, Json(happened.Headers));
        }
        if (listener.TakeMissed() is > 0 and var missed)
            await events.SendAsync("missed", Json(new FieldTable().Add("events", missed)));
    }

    // A kind, or all that begin with it: channel.closed, channel.
    private static bool IsWanted(string key, StringValues keys) =>
        keys.Count == 0 || keys.Any(k => k is not null && key.StartsWith(k, StringComparison.Ordinal)
            && (key.Length == k.Length || key[k.Length] == '.'));

    private bool MaySee(string key, string user) =>
        !(key.StartsWith("user.", StringComparison.Ordinal) || key.Contains("permission.", StringComparison.Ordinal))
        || broker.MayAdminister(user);

    private static ReadOnlyMemory<byte> Json(FieldTable headers)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
            FieldTableJson.Write(writer, headers);
        return json.WrittenMemory;
    }
}
