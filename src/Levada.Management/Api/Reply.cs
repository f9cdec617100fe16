using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>Writes answers as JSON, without reflection.</summary>
internal static class Reply
{
    public static Task OkAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(body, type, "application/json", context.RequestAborted);

    public static Task BadRequestAsync(HttpContext context, string reason) =>
        ErrorAsync(context, StatusCodes.Status400BadRequest, "bad_request", reason);

    public static Task NotFoundAsync(HttpContext context) =>
        ErrorAsync(context, StatusCodes.Status404NotFound, "Object Not Found", "Not Found");

    public static Task ErrorAsync(HttpContext context, int status, string error, string reason)
    {
        context.Response.StatusCode = status;
        return OkAsync(context, new ErrorReply(error, reason), ApiJson.Default.ErrorReply);
    }
}
