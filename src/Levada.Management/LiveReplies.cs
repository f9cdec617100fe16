using System.Diagnostics;
using System.Globalization;
using Levada.Management.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Levada.Management;

/// <summary>
/// Any GET of the API, asked with <c>Accept: text/event-stream</c>: the same answer as an event, and again whenever it
/// is another one, so that nobody need ask over and over. It is looked at every <c>interval</c> milliseconds, more
/// seldom if a look takes long; the user's rights count at each look.
/// </summary>
internal sealed class LiveReplies(Broker broker, IHostApplicationLifetime lifetime)
{
    private const int IntervalDefault = 1_000;
    private const int IntervalMin = 250;
    private const int IntervalMax = 60_000;

    // An answer that takes long to make is made less often, so that looking takes 0.5 % of a core at most. One that
    // took long once only, such as the very first, is none of those.
    private const int Rest = 199;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!ServerSentEvents.IsAskedFor(context.Request)
            || !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            || context.GetEndpoint()?.Metadata.GetMetadata<OwnStream>() is not null)
        {
            await next(context);
            return;
        }
        if (!TryInterval(context.Request, out var interval))
        {
            await Reply.BadRequestAsync(
                context, $"interval is a number of milliseconds from {IntervalMin} to {IntervalMax}");
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
            await StreamAsync(context, WhileThereIsTheUser(next), interval, end.Token);
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

    private static async Task StreamAsync(
        HttpContext context, RequestDelegate next, TimeSpan interval, CancellationToken end)
    {
        using var first = new CapturedReply();
        using var second = new CapturedReply();
        var (now, before) = (first, second);
        await now.TakeAsync(context, next);
        if (now.Status != StatusCodes.Status200OK || !now.IsJson)
        {
            // Nothing to follow: the answer as it is.
            await now.CopyToAsync(context.Response);
            return;
        }
        var events = new ServerSentEvents(context);
        await events.StartAsync();
        var sent = Stopwatch.GetTimestamp();
        var (took, tookBefore) = (TimeSpan.Zero, TimeSpan.Zero);
        // Who connects again after the end is told why by the status.
        while (now.Status == StatusCodes.Status200OK)
        {
            if (!now.Body.Span.SequenceEqual(before.Body.Span))
            {
                await events.SendAsync(null, now.Body);
                sent = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(sent) > SignOfLife)
            {
                await events.SendCommentAsync("nothing new");
                sent = Stopwatch.GetTimestamp();
            }
            var rest = (took < tookBefore ? took : tookBefore) * Rest;
            if (rest > interval)
                await events.SendCommentAsync(NextLook(rest));
            await Task.Delay(rest > interval ? rest : interval, end);
            (now, before, tookBefore) = (before, now, took);
            took = await now.TakeAsync(context, next);
        }
        await events.SendAsync("end", now.Body);
    }

    // Who draws a chart would take the silence for "nothing has changed".
    private static string NextLook(TimeSpan rest) =>
        string.Create(CultureInfo.InvariantCulture, $"next look in {rest.TotalMilliseconds:F0} ms");

    // It logged in when the stream began; since then it may have been deleted, or lost its tags.
    private RequestDelegate WhileThereIsTheUser(RequestDelegate next) => context => Roles.Asking(context, broker) switch
    {
        null => Reply.ErrorAsync(context, StatusCodes.Status401Unauthorized, "not_authorized", "Login failed"),
        var user when !Roles.MayEnter(user) => Roles.RefuseAsync(context, "Not management user"),
        _ => next(context),
    };

    private static bool TryInterval(HttpRequest request, out TimeSpan interval)
    {
        var ms = IntervalDefault;
        var isGood = !request.Query.TryGetValue("interval", out var text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ms)
                && ms is >= IntervalMin and <= IntervalMax);
        interval = TimeSpan.FromMilliseconds(ms);
        return isGood;
    }
}
