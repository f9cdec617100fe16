using System.Globalization;
using System.Text;
using System.Text.Json;
using Levada.Amqp;
using Levada.Operations;
using Levada.Tracing;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// PUT, GET and DELETE of /api/connections/NAME/trace and /api/channels/NAME/trace. Everybody may trace their own
/// connections. Those of others are for administrators and, without bodies and values of headers, for monitoring.
/// </summary>
internal sealed class TraceEndpoint(Broker broker, BrokerOptions options)
{
    private const int OrderMax = 4096;
    private const int LimitDefault = 1_000;
    private const int LimitMax = 10_000;

    public async Task StartAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        if (FindLive(name, UserOf(context), out var channel) is not { } connection)
        {
            await NotFoundAsync(context, "no such connection or channel is open");
            return;
        }
        var (order, error) = await ReadOrderAsync(context);
        if (error is not null)
        {
            await BadRequestAsync(context, error);
            return;
        }
        var user = UserOf(context);
        if (order.BodyBytes > 0 && !SeesAll(user, connection.UserName))
        {
            await Reply.ErrorAsync(
                context, StatusCodes.Status403Forbidden, "not_authorized",
                "bodies of other users' messages are for administrators");
            return;
        }
        var request = new TraceRequest(
            channel, order.Bytes ?? options.TraceBytes, order.BodyBytes ?? 0,
            order.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.TraceTime, user);
        if (broker.Traces.Start(connection, request) is not { } trace)
        {
            await Reply.ErrorAsync(
                context, StatusCodes.Status409Conflict, "conflict",
                $"{options.TraceMax} traces record, as many as trace_max ({options.TraceMax}) allows");
            return;
        }
        broker.Actions.Note(
            OperatorEndpoint.By(context), OperatorAction.StartTrace, trace.Name,
            $"{request.Time.TotalSeconds:0} s, {request.BodyMax} bytes of each body");
        context.Response.StatusCode = StatusCodes.Status201Created;
        await Reply.OkAsync(
            context, TraceReply.Of(trace, trace.Read(0, 0), []), ApiJson.Default.TraceReply);
    }

    public async Task GetAsync(HttpContext context)
    {
        var user = UserOf(context);
        if (Find(context) is not { } trace)
        {
            await NotFoundAsync(context, "there is no trace of it: PUT starts one");
            return;
        }
        if (!TryQuery(context, "since", long.MaxValue - 1, out var since)
            || !TryQuery(context, "limit", LimitMax, out var limit))
        {
            await BadRequestAsync(context, $"since must be a number from 0, limit one from 0 to {LimitMax}");
            return;
        }
        var reading = trace.Read(since, (int)(limit ?? LimitDefault));
        var seesAll = SeesAll(user, trace.User);
        var entries = reading.Entries(withHeaders: seesAll, withBodies: seesAll);
        switch ((string?)context.Request.Query["format"])
        {
            case null or "" or "json":
                await Reply.OkAsync(
                    context, TraceReply.Of(trace, reading, [.. entries.Select(TraceEntryReply.Of)]),
                    ApiJson.Default.TraceReply);
                break;
            case "text":
                await WriteTextAsync(context, entries);
                break;
            default:
                await BadRequestAsync(context, "format is json or text");
                break;
        }
    }

    public Task StopAsync(HttpContext context)
    {
        var user = UserOf(context);
        if (Find(context) is not { } trace || !broker.Traces.Stop(trace.Name, user))
            return NotFoundAsync(context, "there is no trace of it");
        broker.Actions.Note(OperatorEndpoint.By(context), OperatorAction.StopTrace, trace.Name, "");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Trace? Find(HttpContext context)
    {
        var user = UserOf(context);
        var trace = broker.Traces.Find(PathName.Of(context));
        return trace is not null && (broker.MayMonitor(user) || trace.User == user) ? trace : null;
    }

    // Also one that is in its handshake still, which is nobody's yet.
    private Connection? FindLive(string name, string user, out ushort? channel)
    {
        channel = null;
        var isChannel = ChannelName.TryParse(name, out var ofConnection, out var number);
        var wanted = ofConnection ?? name;
        var mayMonitor = broker.MayMonitor(user);
        var found = broker.Connections.All.FirstOrDefault(
            c => c.Name == wanted && (mayMonitor || (c.VHost is not null && c.UserName == user)));
        if (!isChannel)
            return found;
        channel = number;
        return found?.TakeChannelSnapshot(number) is null ? null : found;
    }

    private bool SeesAll(string user, string? owner) => user == owner || broker.MayAdminister(user);

    private async Task<(TraceOrder Order, string? Error)> ReadOrderAsync(HttpContext context)
    {
        var body = new byte[OrderMax];
        var length = await context.Request.Body.ReadAtLeastAsync(
            body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length == 0)
            return (new TraceOrder(), null);
        try
        {
            var order = JsonSerializer.Deserialize(body.AsSpan(0, length), ApiJson.Default.TraceOrder)
                ?? new TraceOrder();
            return (order, Check(order));
        }
        catch (JsonException e)
        {
            return (new TraceOrder(), $"not a JSON object of seconds, bytes and body_bytes: {e.Message}");
        }
    }

    private string? Check(TraceOrder order)
    {
        var time = options.TraceTime.TotalSeconds;
        if (order.Seconds is { } seconds && !(seconds > 0 && seconds <= time))
            return $"seconds must be more than 0 and at most trace_time ({time})";
        if (order.Bytes is { } bytes && (bytes < BrokerOptions.TraceBytesMin || bytes > options.TraceBytes))
            return $"bytes must be from {BrokerOptions.TraceBytesMin} to trace_bytes ({options.TraceBytes})";
        return order.BodyBytes is { } kept && (kept < 0 || kept > options.TraceBodyMax)
            ? $"body_bytes must be from 0 to trace_body_max ({options.TraceBodyMax})"
            : null;
    }

    private static bool TryQuery(HttpContext context, string key, long max, out long? value)
    {
        value = null;
        if (!context.Request.Query.TryGetValue(key, out var text))
            return true;
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        value = number;
        return isNumber && number <= max;
    }

    private static async Task WriteTextAsync(HttpContext context, IEnumerable<TraceEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
            text.Append(TraceEntryReply.LineOf(entry)).Append('\n');
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private static string UserOf(HttpContext context) => context.User.Identity?.Name ?? "";

    private static Task NotFoundAsync(HttpContext context, string reason) =>
        Reply.ErrorAsync(context, StatusCodes.Status404NotFound, "Object Not Found", reason);

    private static Task BadRequestAsync(HttpContext context, string reason) =>
        Reply.ErrorAsync(context, StatusCodes.Status400BadRequest, "bad_request", reason);
}
