using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Levada.Management.OpenApi;

/// <summary>GET /api/openapi.json, and GET /api for people to read. Made when it is first asked for.</summary>
internal sealed class OpenApiEndpoint(IEndpointRouteBuilder routes)
{
    private readonly Lazy<JsonObject> _document = new(() => OpenApiDocument.Create(routes.DataSources));

    public async Task GetAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        _document.Value.WriteTo(json);
    }

    public Task ReadAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return context.Response.WriteAsync(ApiPage.Of(_document.Value), context.RequestAborted);
    }
}
