using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// The name in a path. The web server leaves %2F as it is, since a slash would part the path; names have it decoded.
/// </summary>
internal static class PathName
{
    public static string Of(HttpContext context, string part = "name") =>
        ((string?)context.Request.RouteValues[part] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
