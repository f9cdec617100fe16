using System.Text.Json;
using Levada.Definitions;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/definitions: export and import, whole or of one virtual host. For administrators.</summary>
internal sealed class DefinitionsEndpoint(Broker broker)
{
    public Task GetAsync(HttpContext context) =>
        SendAsync(context, DefinitionsWriter.Write(broker.Catalog, Broker.Version));

    public Task OfVHostAsync(HttpContext context) => ExchangesEndpoint.VHostOf(broker, context) is { } vhost
        ? SendAsync(context, DefinitionsWriter.Write(vhost, Broker.Version))
        : Reply.ErrorAsync(context, StatusCodes.Status404NotFound, "not_found", "vhost_not_found");

    /// <summary>
    /// JSON, or a form with it in the file `file`. With ?dry_run=true nothing changes, and the answer lists what would.
    /// </summary>
    public async Task PostAsync(HttpContext context)
    {
        string? vhost = null;
        if (context.Request.RouteValues.ContainsKey("vhost"))
        {
            vhost = PathName.Of(context, "vhost");
            if (broker.Catalog.FindVHost(vhost) is null)
            {
                await Reply.ErrorAsync(context, StatusCodes.Status404NotFound, "not_found", "vhost_not_found");
                return;
            }
        }

        if (await ReadAsync(context, vhost) is not { } document)
            return;
        var isDryRun = context.Request.Query["dry_run"] == "true";
        if (!isDryRun)
        {
            await OperatorEndpoint.AnswerAsync(context, by => broker.Actions.ImportAsync(by, document, vhost));
            return;
        }

        try
        {
            var changes = await broker.Actions.TryImportAsync(document);
            await Reply.OkAsync(context, DryRunReply.Of(changes), ApiJson.Default.DryRunReply);
        }
        catch (FormatException fault)
        {
            await Reply.BadRequestAsync(context, fault.Message);
        }
    }

    private static async Task<DefinitionsDocument?> ReadAsync(HttpContext context, string? vhost)
    {
        try
        {
            var body = context.Request.HasFormContentType
                ? (await context.Request.ReadFormAsync(context.RequestAborted)).Files["file"]?.OpenReadStream()
                : context.Request.Body;
            if (body is null)
                throw new FormatException("the form has no file named 'file'");
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: context.RequestAborted);
            return DefinitionsDocument.Read(json.RootElement, vhost);
        }
        catch (JsonException)
        {
            await Reply.BadRequestAsync(context, "failed_to_parse_json");
        }
        catch (Exception fault) when (fault is FormatException or InvalidDataException)
        {
            await Reply.BadRequestAsync(context, fault.Message);
        }

        return null;
    }

    // ?download=NAME has a browser keep it as a file.
    private static async Task SendAsync(HttpContext context, byte[] json)
    {
        var name = ((string?)context.Request.Query["download"])?.Replace("\"", "", StringComparison.Ordinal);
        if (!string.IsNullOrEmpty(name))
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{Uri.EscapeDataString(name)}\"";
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
