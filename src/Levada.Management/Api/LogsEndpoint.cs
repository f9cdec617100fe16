using System.Globalization;
using System.Text;
using System.Text.Json;
using Levada.Logs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Levada.Management.Api;

/// <summary>
/// The log over HTTP, for administrators: /api/logs has what was, /api/livelog what comes. Both take ?level=LEVEL, the
/// least severe, and ?category=NAME, which may be given several times.
/// </summary>
internal sealed class LogsEndpoint(Broker broker, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    /// <summary>The file, if there is one and all is asked for; else the lines that are remembered.</summary>
    public async Task GetAsync(HttpContext context)
    {
        if (Filter.Of(context.Request.Query) is not { } filter)
        {
            await Reply.BadRequestAsync(context, Filter.Fault);
            return;
        }
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=levada.log";
        if (filter.IsAll && broker.Log.File is { } file && File.Exists(file))
        {
            await context.Response.SendFileAsync(file, context.RequestAborted);
            return;
        }
        var text = new StringBuilder();
        foreach (var line in broker.Log.Recent.Where(filter.Takes))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{line.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} [{LogLineReply.WordOf(line.Level)}] {line.Origin} ")
                .Append(line.Text).Append('\n');
        }
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    /// <summary>Server-sent events named by their level; who is too slow misses lines and is told how many.</summary>
    public async Task LiveAsync(HttpContext context)
    {
        if (Filter.Of(context.Request.Query) is not { } filter)
        {
            await Reply.BadRequestAsync(context, Filter.Fault);
            return;
        }
        if (!broker.HttpStreams.TryEnter())
        {
            await Reply.TooManyStreamsAsync(context, broker);
            return;
        }
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, lifetime.ApplicationStopping);
            using var listener = broker.Log.Listen();
            var events = new ServerSentEvents(context);
            await events.StartAsync();
            while (Roles.Asking(context, broker) is { } user && broker.MayAdminister(user.Name))
                await PassOnAsync(events, listener, filter, end.Token);
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

    public Task RotateAsync(HttpContext context) =>
        OperatorEndpoint.AnswerAsync(context, broker.Actions.RotateLogAsync);

    private static async Task PassOnAsync(
        ServerSentEvents events, LogListener listener, Filter filter, CancellationToken end)
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
        while (listener.TryRead() is { } line)
        {
            if (filter.Takes(line))
                await events.SendAsync(LogLineReply.WordOf(line.Level), Json(line));
        }
        if (listener.TakeMissed() is > 0 and var missed)
            await events.SendAsync("missed", Encoding.UTF8.GetBytes($"{{\"lines\":{missed}}}"));
    }

    private static byte[] Json(LogEvent line) =>
        JsonSerializer.SerializeToUtf8Bytes(LogLineReply.Of(line), ApiJson.Default.LogLineReply);

    private sealed record Filter(LogLevel Least, IReadOnlySet<string> Categories)
    {
        public static string Fault { get; } =
            "level is debug, info, warning, error or critical; category is one of "
            + string.Join(", ", LogCategories.Names);

        public bool IsAll => Least == LogLevel.Trace && Categories.Count == 0;

        /// <summary>Null if it makes no sense.</summary>
        public static Filter? Of(IQueryCollection query)
        {
            LogLevel? least = (string?)query["level"] switch
            {
                null or "" => LogLevel.Trace,
                "debug" => LogLevel.Debug,
                "info" => LogLevel.Information,
                "warning" => LogLevel.Warning,
                "error" => LogLevel.Error,
                "critical" => LogLevel.Critical,
                _ => null,
            };
            var categories = query["category"].OfType<string>().ToHashSet();
            return least is { } level && categories.IsSubsetOf(LogCategories.Names)
                ? new Filter(level, categories)
                : null;
        }

        public bool Takes(LogEvent line) =>
            line.Level >= Least && (Categories.Count == 0 || Categories.Contains(line.CategoryName));
    }
}
