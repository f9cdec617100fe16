using Levada.Management.Api;
using Microsoft.AspNetCore.Http;

namespace Levada.Management;

/// <summary>
/// On the port for metrics there are metrics and nothing else. A feature of the requests that come there.
/// </summary>
internal sealed class MetricsPort
{
    public static MetricsPort Instance { get; } = new();

    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        context.Features.Get<MetricsPort>() is null || Endpoints.IsMetricsPath(context.Request.Path)
            ? next(context)
            : Reply.NotFoundAsync(context);
}
