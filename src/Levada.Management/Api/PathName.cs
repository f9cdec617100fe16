using System.Text;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// The name in a path. The web server leaves %2F as it is, since a slash would part the path; names have it decoded.
/// </summary>
internal static class PathName
{
    private const int ShortStringMax = 255;

    public static string Of(HttpContext context, string part = "name") =>
        ((string?)context.Request.RouteValues[part] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A name for something new, which clients must be able to say: in AMQP it is a short string.</summary>
    /// <exception cref="FormatException">It has more than 255 octets.</exception>
    public static string ForClients(string name) => Encoding.UTF8.GetByteCount(name) <= ShortStringMax
        ? name
        : throw new FormatException($"the name is longer than {ShortStringMax} octets, which no AMQP client can say");
}
