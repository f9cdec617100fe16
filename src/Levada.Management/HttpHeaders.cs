using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Levada.Management;

/// <summary>
/// What browsers are told with every answer, and pages of other sites that may ask here: management.cors, .csp, .hsts.
/// </summary>
internal sealed class HttpHeaders(BrokerOptions options)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "SAMEORIGIN";
        if (options.HttpContentSecurity.Length > 0)
            headers.ContentSecurityPolicy = options.HttpContentSecurity;
        if (options.HttpStrictTransport.Length > 0 && context.Request.IsHttps)
            headers.StrictTransportSecurity = options.HttpStrictTransport;
        if ((string?)context.Request.Headers.Origin is not { Length: > 0 } origin || !IsAllowed(origin))
            return next(context);
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        // With * a password that the browser knows by itself does not count, and nothing can be changed.
        if (!options.CorsOrigins.Contains("*"))
        {
            headers.AccessControlAllowCredentials = "true";
            context.Features.Set(new AllowedOrigin());
        }
        if (!HttpMethods.IsOptions(context.Request.Method))
            return next(context);
        headers.AccessControlAllowMethods = "GET, PUT, POST, DELETE, OPTIONS";
        headers.AccessControlAllowHeaders = "authorization, content-type, x-reason, x-requested-with";
        headers.AccessControlMaxAge = ((long)options.CorsMaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private bool IsAllowed(string origin) =>
        options.CorsOrigins.Any(o => o == "*" || string.Equals(o, origin, StringComparison.OrdinalIgnoreCase));
}
