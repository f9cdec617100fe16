using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Management.OpenApi;

/// <summary>The document as a page: what there is, by topics, each with its parameters and answer to unfold.</summary>
internal static class ApiPage
{
    private const string Style =
        """
        :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
        body { max-width: 62rem; margin: 0 auto; padding: 1rem; }
        summary { cursor: pointer; padding: .15rem 0; }
        code, pre { font: 13px/1.45 ui-monospace, monospace; }
        pre { overflow: auto; padding: .6rem; border: 1px solid #8885; border-radius: .3rem; }
        b { display: inline-block; min-width: 4.2rem; font: 600 12px ui-monospace, monospace; }
        .GET { color: #1a7f4b; } .PUT, .POST { color: #9a5b00; } .DELETE { color: #c0342b; }
        td { padding: .1rem .8rem .1rem 0; vertical-align: top; }
        """;

    // As it is on a page: nothing there needs escapes but those of HTML.
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(JsonObject document)
    {
        var page = new StringBuilder($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Levada HTTP API</title><style>{Style}</style></head><body>
            <h1>Levada {Text(document["info"]!["version"])} &ndash; HTTP API</h1>
            <p>{Text(document["info"]!["description"])}</p>
            <p>For programs: <a href="/api/openapi.json">openapi.json</a>.</p>

            """);
        var operations =
            from path in document["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            select (Path: path.Key, Method: method.Key.ToUpperInvariant(), Is: method.Value!.AsObject());
        foreach (var topic in operations.GroupBy(static o => (string)o.Is["tags"]![0]!))
        {
            page.Append($"<h2>{Escape(topic.Key)}</h2>\n");
            foreach (var (path, method, operation) in topic)
                Append(page, document, path, method, operation);
        }
        return page.Append("</body></html>\n").ToString();
    }

    private static void Append(
        StringBuilder page, JsonObject document, string path, string method, JsonObject operation)
    {
        page.Append(
            $"<details><summary><b class=\"{method}\">{method}</b> <code>{Escape(path)}</code> "
            + $"{Text(operation["summary"])}</summary>\n");
        if (method == "GET" && !path.Contains('{', StringComparison.Ordinal))
            page.Append($"<p><a href=\"{Escape(path)}\">Ask it now</a></p>\n");
        AppendParameters(page, document, operation);
        if (operation["requestBody"]?["content"]?["application/json"]?["example"] is { } example)
            page.Append($"<p>Body, for example:</p><pre>{Json(example)}</pre>\n");
        foreach (var (status, answer) in operation["responses"]!.AsObject())
        {
            if (answer?["content"]?["application/json"]?["schema"] is { } schema)
                page.Append($"<p>Answer ({status}):</p><pre>{Json(Resolved(document, schema))}</pre>\n");
        }
        page.Append("</details>\n");
    }

    private static void AppendParameters(StringBuilder page, JsonObject document, JsonObject operation)
    {
        if (operation["parameters"] is not JsonArray parameters)
            return;
        page.Append("<table>\n");
        foreach (var parameter in parameters)
        {
            var one = Resolved(document, parameter!);
            page.Append(
                $"<tr><td><code>{Text(one["name"])}</code></td><td>{Text(one["in"])}</td>"
                + $"<td>{Text(one["description"])}</td></tr>\n");
        }
        page.Append("</table>\n");
    }

    private static JsonNode Resolved(JsonObject document, JsonNode node)
    {
        if ((string?)node["$ref"] is not { } reference)
            return node;
        JsonNode at = document;
        foreach (var part in reference.Split('/').Skip(1))
            at = at[part]!;
        return at;
    }

    private static string Json(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
            node.WriteTo(writer);
        return Escape(Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }

    private static string Text(JsonNode? node) => Escape((string?)node ?? "");

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
