using System.Diagnostics.CodeAnalysis;
using System.Security.Principal;
using System.Text;
using Levada.Management.Api;
using Microsoft.AspNetCore.Http;

namespace Levada.Management;

/// <summary>
/// Lets requests under /api pass only with the name and password of a broker user, by the same rules as AMQP:
/// the default user only from this machine. Who comes by the control socket is the operator. /metrics is open, as
/// RabbitMQ's is, unless the configuration says otherwise.
/// </summary>
internal sealed class BasicAuthentication(Broker broker, BrokerOptions options)
{
    private const string Scheme = "Basic ";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            && !(options.MetricsNeedLogin && Endpoints.IsMetricsPath(context.Request.Path)))
        {
            return next(context);
        }
        // Who gives a name and a password there wants to be that user.
        var control = context.Features.Get<ControlClient>();
        if (control is not null && context.Request.Headers.Authorization.Count == 0)
        {
            context.User = new GenericPrincipal(new GenericIdentity(control.Name, "Control"), roles: null);
            return next(context);
        }
        if (TryRead(context.Request.Headers.Authorization, out var user, out var password)
            && broker.Authenticate(user, password, ClientAddress.Of(context)))
        {
            context.User = new GenericPrincipal(new GenericIdentity(user, "Basic"), roles: null);
            return next(context);
        }
        // A browser that is told the scheme asks the user by itself, over the page's own form.
        if (context.Request.Headers.XRequestedWith.Count == 0)
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Levada\"";
        return Reply.ErrorAsync(
            context, StatusCodes.Status401Unauthorized, "not_authorized", "Login failed");
    }

    private static bool TryRead(
        string? header, [NotNullWhen(true)] out string? user, [NotNullWhen(true)] out string? password)
    {
        user = password = null;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length).Trim(), bytes, out var length))
            return false;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':');
        if (colon < 0)
            return false;
        (user, password) = (text[..colon], text[(colon + 1)..]);
        return true;
    }
}
