using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>Writes answers as JSON, without reflection.</summary>
internal static class Reply
{
    /// <summary>All of it, or what ?columns=a,b.c names.</summary>
    public static Task OkAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || Columns.Of(context.Request.Query) is not { } columns)
            return WriteAsync(context, body, type);
        context.Response.ContentType = "application/json";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            columns.Write(json, JsonSerializer.SerializeToElement(body, type));
        return Task.CompletedTask;
    }

    private static Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(body, type, "application/json", context.RequestAborted);

    /// <summary>Answers, or says why it cannot: the request asks for more than is given.</summary>
    public static Task WithFaultsAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            return answer();
        }
        catch (ListFaultException fault)
        {
            return ErrorAsync(context, StatusCodes.Status400BadRequest, fault.Error, fault.Message);
        }
    }

    public static Task BadRequestAsync(HttpContext context, string reason) =>
        ErrorAsync(context, StatusCodes.Status400BadRequest, "bad_request", reason);

    public static Task NotFoundAsync(HttpContext context) =>
        ErrorAsync(context, StatusCodes.Status404NotFound, "Object Not Found", "Not Found");

    public static Task TooManyStreamsAsync(HttpContext context, Broker broker) => ErrorAsync(
        context, StatusCodes.Status429TooManyRequests, "too_many_requests",
        $"{broker.HttpStreams.Max} streams are open, as many as http_streams_max allows");

    public static Task ErrorAsync(HttpContext context, int status, string error, string reason)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new ErrorReply(error, reason), ApiJson.Default.ErrorReply);
    }
}
