namespace Levada.Management.Web;

/// <summary>
/// A file of the web page, twice in the assembly: browsers take brotli over TLS and from this machine only.
/// </summary>
/// <param name="Path">In the folder that was built, without a slash before it.</param>
/// <param name="Brotli">The name of the resource.</param>
/// <param name="Gzip">The name of the other one.</param>
/// <param name="Tag">Another one for other content.</param>
internal sealed record WebFile(string Path, string Brotli, string Gzip, string Tag)
{
    /// <summary>Its name has a hash of its content, so it never changes.</summary>
    public bool IsHashed => Path.StartsWith("assets/", StringComparison.Ordinal);

    public string ContentType => System.IO.Path.GetExtension(Path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
