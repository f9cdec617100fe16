using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Principal;
using System.Text;
using Levada.Auth;
using Levada.Management.Api;
using Levada.Transports;
using Microsoft.AspNetCore.Http;

namespace Levada.Management;

/// <summary>
/// Lets requests under /api pass only with the name and password of a management user, or its certificate, as AMQP
/// does: the default user only from this machine. Who comes by the control socket is the operator. /metrics is open, as
/// RabbitMQ's is, unless the configuration says otherwise.
/// </summary>
internal sealed class BasicAuthentication(Broker broker, BrokerOptions options, HttpTls? tls)
{
    private const string Scheme = "Basic ";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // How to log in may be asked by anybody.
        if (context.Request.Path == "/api/auth"
            || (!context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
                && !(options.MetricsNeedLogin && Endpoints.IsMetricsPath(context.Request.Path))))
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
        if (Login(context) is not { } login)
            return RefuseAsync(context);
        broker.Logins.Count(
            LoginCounts.Http, control is null ? context.Connection.RemoteIpAddress : null, login.Name,
            isRight: login.User is not null);
        if (login.User is { } known)
        {
            context.User = new GenericPrincipal(new GenericIdentity(known.Name, "Basic"), roles: null);
            return Roles.MayEnter(known) ? next(context) : Roles.RefuseAsync(context, "Not management user");
        }
        if (login.Wait == TimeSpan.Zero)
            return RefuseAsync(context);
        context.Response.Headers.RetryAfter =
            ((long)Math.Ceiling(login.Wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Reply.ErrorAsync(
            context, StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many failed logins");
    }

    // Null if nothing was given to log in with.
    private Login? Login(HttpContext context)
    {
        var (remote, from) = (ClientAddress.Of(context), ClientAddress.Describe(context));
        if (TryRead(context.Request.Headers.Authorization, out var user, out var password))
            return broker.Authenticate(user, password, remote, from);
        return context.Request.Headers.Authorization.Count == 0 && tls is not null
            && context.Connection.ClientCertificate is { } certificate
                ? broker.Authenticate(tls.Read(certificate), remote, from)
                : null;
    }

    private static Task RefuseAsync(HttpContext context)
    {
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
