using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Levada.Management;

/// <summary>
/// An answer that goes on: events after the WHATWG's standard, for EventSource in browsers and for curl -N. A reader
/// that is slow is waited for, and cut off by the web server if it does not read at all.
/// </summary>
internal sealed class ServerSentEvents(HttpContext context)
{
    public const string ContentType = "text/event-stream";

    private readonly ArrayBufferWriter<byte> _event = new();

    /// <summary>Whether the client asks for an answer that goes on.</summary>
    public static bool IsAskedFor(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.GetTypedHeaders().Accept.Any(static a => a.MediaType.Equals(ContentType, StringComparison.Ordinal));

    /// <summary>Sends the head at once, so that the client knows that it is heard.</summary>
    public Task StartAsync()
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        // Proxies such as nginx would keep events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return SendCommentAsync("levada");
    }

    /// <param name="name">The event's name; null for the default, message.</param>
    /// <param name="json">Without line breaks.</param>
    public async Task SendAsync(string? name, ReadOnlyMemory<byte> json)
    {
        _event.ResetWrittenCount();
        if (name is not null)
            Encoding.UTF8.GetBytes($"event: {name}\n", _event);
        _event.Write("data: "u8);
        _event.Write(json.Span);
        _event.Write("\n\n"u8);
        await context.Response.Body.WriteAsync(_event.WrittenMemory, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>What clients skip: a sign of life while nothing happens.</summary>
    public async Task SendCommentAsync(string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($": {text}\n\n"), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
