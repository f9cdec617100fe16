using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Levada.Management.Web;

/// <summary>
/// The page for people, at /: what the folder web/ was built to, compressed already and inside this assembly. It has no
/// secrets and needs no password; what it shows it asks the API for.
/// </summary>
internal static class WebPage
{
    private const string Prefix = "web/";
    private const string Suffix = ".br";
    private const string Start = "index.html";

    // All comes from here, and nothing runs that is not a file of its own.
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    private const string NotBuilt =
        "The web page is not in this build. `make build` makes it; so does `scripts/web`, then build again.\n"
        + "The HTTP API is at /api.\n";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var files = Read();
        if (!files.TryGetValue(Start, out var start))
        {
            routes.MapGet("/", static context => context.Response.WriteAsync(NotBuilt));
            return;
        }
        foreach (var (path, file) in files)
            routes.MapMethods(path, ["GET", "HEAD"], context => SendAsync(context, file));
        routes.MapMethods("/", ["GET", "HEAD"], context => SendAsync(context, start));
    }

    private static FrozenDictionary<string, WebFile> Read()
    {
        var files = new Dictionary<string, WebFile>();
        foreach (var resource in typeof(WebPage).Assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal)
                || !resource.EndsWith(Suffix, StringComparison.Ordinal))
            {
                continue;
            }
            var plain = resource[..^Suffix.Length];
            var path = plain[Prefix.Length..].Replace('\\', '/');
            files.Add(path, new WebFile(path, resource, plain + ".gz", TagOf(resource)));
        }
        return files.ToFrozenDictionary();
    }

    private static Task SendAsync(HttpContext context, WebFile file)
    {
        var (request, response) = (context.Request, context.Response);
        var accepted = request.Headers.AcceptEncoding.ToString();
        var encoding = accepted.Contains("br", StringComparison.OrdinalIgnoreCase) ? "br"
            : accepted.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? "gzip"
            : "identity";
        var tag = $"\"{file.Tag}-{encoding}\"";
        var headers = response.Headers;
        headers.ETag = tag;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = file.IsHashed ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = file.ContentType;
        if (encoding != "identity")
            headers.ContentEncoding = encoding;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : CopyAsync(context, file, encoding);
    }

    private static async Task CopyAsync(HttpContext context, WebFile file, string encoding)
    {
        await using var stored = Open(encoding == "br" ? file.Brotli : file.Gzip);
        if (encoding == "identity")
        {
            await using var plain = new GZipStream(stored, CompressionMode.Decompress);
            await plain.CopyToAsync(context.Response.Body, context.RequestAborted);
            return;
        }
        context.Response.ContentLength = stored.Length;
        await stored.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static string TagOf(string resource)
    {
        using var content = Open(resource);
        return Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
    }

    private static Stream Open(string resource) => typeof(WebPage).Assembly.GetManifestResourceStream(resource)
        ?? throw new InvalidOperationException($"no resource {resource}");
}
