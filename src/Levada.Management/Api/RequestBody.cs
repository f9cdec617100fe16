using System.Text.Json;
using Levada.Definitions;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>Reads the JSON object that a request brings.</summary>
internal static class RequestBody
{
    /// <summary>What is read; null if it is not what it should be, and then the request is answered already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="read">Makes something of the object; throws <see cref="FormatException"/>.</param>
    public static async Task<T?> ReadAsync<T>(HttpContext context, Func<DefinitionObject, T> read) where T : class
    {
        try
        {
            // Some clients send no body where all of it is optional.
            if (context.Request.ContentLength == 0)
                return read(new DefinitionObject(JsonElement.Parse("{}")));
            using var json = await JsonDocument.ParseAsync(
                context.Request.Body, cancellationToken: context.RequestAborted);
            return read(new DefinitionObject(json.RootElement));
        }
        catch (JsonException)
        {
            await Reply.BadRequestAsync(context, "not_json");
            return null;
        }
        catch (FormatException fault)
        {
            await Reply.BadRequestAsync(context, fault.Message);
            return null;
        }
    }
}
