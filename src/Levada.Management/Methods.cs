using Levada.Management.Api;
using Microsoft.AspNetCore.Http;

namespace Levada.Management;

/// <summary>
/// What HTTP asks of every path: HEAD is GET without the answer's body, OPTIONS and a method that a path does not know
/// tell those that it does, and a path that there is not is 404 whoever asks.
/// </summary>
internal static class Methods
{
    private const string WasHead = "levada.was-head";

    /// <summary>Before the path is looked up.</summary>
    public static Task BeforeRoutingAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Items[WasHead] = true;
        }
        return next(context);
    }

    /// <summary>After it, and before anybody is asked for a password.</summary>
    public static async Task AfterRoutingAsync(HttpContext context, RequestDelegate next)
    {
        // The web server leaves the body out then.
        if (context.Items.ContainsKey(WasHead))
            context.Request.Method = HttpMethods.Head;
        if (context.GetEndpoint() is null)
        {
            await Reply.NotFoundAsync(context);
            return;
        }
        var isOptions = HttpMethods.IsOptions(context.Request.Method);
        await next(context);
        if (context.Response.StatusCode != StatusCodes.Status405MethodNotAllowed || context.Response.HasStarted)
            return;
        var known = context.Response.Headers.Allow.ToString();
        context.Response.Headers.Allow =
            (known.Contains("GET", StringComparison.Ordinal) && !known.Contains("HEAD", StringComparison.Ordinal)
                ? $"HEAD, {known}" : known) + ", OPTIONS";
        if (isOptions)
            context.Response.StatusCode = StatusCodes.Status200OK;
    }
}
