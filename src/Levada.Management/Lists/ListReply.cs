using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Levada.Management.Api;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Lists;

/// <summary>
/// Answers with a list, as it is asked for: looks at all objects, makes JSON of those that are shown, and sends it
/// piece by piece.
/// </summary>
internal static class ListReply
{
    private const int PieceBytes = 32 << 10;

    private static readonly string[] QueueTotals = ["messages", "messages_ready", "messages_unacknowledged"];

    /// <summary>A list of which there is little: what is answered is made of all.</summary>
    public static Task WriteAsync<T>(
        HttpContext context, IEnumerable<T> all, JsonTypeInfo<T> type, Func<T, string> name) =>
        WriteAsync(context, ListKind<T>.OfReplies(type, name), all);

    public static Task WriteAsync<T>(HttpContext context, ListKind<T> kind, IEnumerable<T> all) =>
        WriteAsync(context, kind, add =>
        {
            foreach (var item in all)
                add(item);
        });

    /// <param name="context">The request.</param>
    /// <param name="kind">Of what.</param>
    /// <param name="visit">Shows each object once; what it is told to do then does not wait.</param>
    public static async Task WriteAsync<T>(HttpContext context, ListKind<T> kind, Action<Action<T>> visit)
    {
        ListRequest request;
        IEnumerable<T> shown;
        int total, filtered;
        try
        {
            request = new ListRequest(context.Request.Query);
            var rows = new ListRows<T>(kind, request);
            visit(rows.Add);
            shown = rows.Shown();
            (total, filtered) = (rows.Total, rows.Filtered);
        }
        catch (ListFaultException fault)
        {
            await Reply.ErrorAsync(context, StatusCodes.Status400BadRequest, fault.Error, fault.Message);
            return;
        }

        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        if (request.Page == 0)
        {
            await WriteItemsAsync(context, json, kind, request, shown);
        }
        else
        {
            json.WriteStartObject();
            json.WritePropertyName("items");
            var count = await WriteItemsAsync(context, json, kind, request, shown);
            json.WriteNumber("filtered_count", filtered);
            json.WriteNumber("item_count", count);
            json.WriteNumber("page", request.Page);
            json.WriteNumber("page_count", (filtered + request.PageSize - 1) / request.PageSize);
            json.WriteNumber("page_size", request.PageSize);
            json.WriteNumber("total_count", total);
            json.WriteEndObject();
        }
    }

    private static async Task<int> WriteItemsAsync<T>(
        HttpContext context, Utf8JsonWriter json, ListKind<T> kind, ListRequest request, IEnumerable<T> shown)
    {
        var columns = ColumnsOf(kind, request);
        var single = new ListJson<T>(kind);
        var count = 0;
        json.WriteStartArray();
        foreach (var item in shown)
        {
            if (Write(json, kind, single, columns, item))
                count++;
            if (json.BytesPending < PieceBytes)
                continue;
            json.Flush();
            var flushed = await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
            if (flushed.IsCompleted)
                break;
        }
        json.WriteEndArray();
        return count;
    }

    private static bool Write<T>(
        Utf8JsonWriter json, ListKind<T> kind, ListJson<T> single, Columns? columns, T item)
    {
        if (columns is null)
            return kind.Write(json, item);
        using var whole = single.Parse(item);
        if (whole is null)
            return false;
        columns.Write(json, whole.RootElement);
        return true;
    }

    private static Columns? ColumnsOf<T>(ListKind<T> kind, ListRequest request)
    {
        if (request.Columns is not null || !request.WithoutStats || kind.Definition.Count == 0)
            return request.Columns;
        return new Columns(request.WithQueueTotals ? kind.Definition.Concat(QueueTotals) : kind.Definition);
    }
}
