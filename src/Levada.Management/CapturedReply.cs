using System.Diagnostics;
using Levada.Management.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Levada.Management;

/// <summary>An answer kept in memory rather than sent; used again and again for the answers of one request.</summary>
internal sealed class CapturedReply : IDisposable
{
    // An answer as long as this is not for following: a page of it is.
    private const int BodyMax = 8 << 20;

    private readonly BoundedBody _body = new();
    private HttpResponseFeature _head = new();

    public int Status => _head.StatusCode;

    public bool IsJson => _head.Headers.ContentType.ToString().StartsWith("application/json", StringComparison.Ordinal);

    public ReadOnlyMemory<byte> Body => _body.GetBuffer().AsMemory(0, (int)_body.Length);

    /// <summary>Has the request answered, by the rest of the pipeline, into this.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> TakeAsync(HttpContext context, RequestDelegate next)
    {
        var began = Stopwatch.GetTimestamp();
        var head = context.Features.Get<IHttpResponseFeature>();
        var body = context.Features.Get<IHttpResponseBodyFeature>();
        try
        {
            await AnswerAsync(context, next);
        }
        catch (BodyTooLongException)
        {
            await AnswerAsync(context, static c => Reply.ErrorAsync(
                c, StatusCodes.Status413PayloadTooLarge, "too_large",
                $"the answer is longer than {BodyMax} bytes: ask for a page (page, page_size) or for columns"));
        }
        finally
        {
            context.Features.Set(head);
            context.Features.Set(body);
        }
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Sends it.</summary>
    public async Task CopyToAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        foreach (var (name, value) in _head.Headers)
            response.Headers[name] = value;
        await response.Body.WriteAsync(Body, response.HttpContext.RequestAborted);
    }

    public void Dispose() => _body.Dispose();

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        _body.SetLength(0);
        _head = new HttpResponseFeature();
        var writing = new StreamResponseBodyFeature(_body);
        context.Features.Set<IHttpResponseFeature>(_head);
        context.Features.Set<IHttpResponseBodyFeature>(writing);
        await next(context);
        await writing.CompleteAsync();
    }

    private sealed class BodyTooLongException : IOException;

    private sealed class BoundedBody : MemoryStream
    {
        // The other ways of writing lead here, in a stream that has its own.
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Length + count > BodyMax)
                throw new BodyTooLongException();
            base.Write(buffer, offset, count);
        }
    }
}
