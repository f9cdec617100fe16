using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Levada.Management.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Levada.Management.OpenApi;

/// <summary>
/// The API as an OpenAPI 3.1 document: its paths are those that are mapped, its schemas those of the types that are
/// answered, and what each does is said in <see cref="Operations"/>.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly (string Name, string Type, string Meaning)[] ListParameters =
    [
        ("page", "integer", "The page, from 1 on; the answer is an envelope then"),
        ("page_size", "integer", "How many are on a page, 100 unless said, at most 500"),
        ("name", "string", "Only what has this in its name"),
        ("use_regex", "boolean", "The name is a regular expression"),
        ("sort", "string", "The field to sort by, dotted where it lies deeper"),
        ("sort_reverse", "boolean", "The other way round"),
        ("columns", "string", "Only these fields, separated by commas"),
    ];

    public static JsonObject Create(IEnumerable<EndpointDataSource> routes)
    {
        var schemas = new Schemas();
        var paths = new JsonObject();
        foreach (var (path, methods) in Mapped(routes).GroupBy(static m => m.Path)
            .Select(static g => (g.Key, g)).OrderBy(static p => p.Key, StringComparer.Ordinal))
        {
            var item = new JsonObject();
            foreach (var (_, method, pattern) in methods)
            {
                // What nothing is said of is there all the same.
                var operation = Operations.All.GetValueOrDefault($"{method} {path}") ?? new Operation("");
                item[method.ToLowerInvariant()] = ToJson(operation, method, pattern, schemas);
            }
            paths[path] = item;
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Levada",
                ["version"] = Broker.Version,
                ["description"] = "The management API of the Levada message broker: RabbitMQ's paths and fields, and "
                    + "more. Names in paths are escaped, the virtual host / is %2F.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { ["basic"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = Components(schemas),
        };
    }

    /// <summary>Each path and method that is answered.</summary>
    public static IEnumerable<(string Path, string Method, RoutePattern Pattern)> Mapped(
        IEnumerable<EndpointDataSource> routes) =>
        from endpoint in routes.SelectMany(static r => r.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where method != "HEAD" && Endpoints.IsOwnPath($"/{endpoint.RoutePattern.RawText?.TrimStart('/')}")
        select (endpoint.RoutePattern.RawText ?? "", method, endpoint.RoutePattern);

    private static JsonObject Components(Schemas schemas)
    {
        var parameters = new JsonObject();
        foreach (var (name, type, meaning) in ListParameters)
            parameters[name] = Parameter("query", name, type, meaning);
        var error = schemas.Of(ApiJson.Default.ErrorReply);
        return new JsonObject
        {
            ["securitySchemes"] = new JsonObject
            {
                ["basic"] = new JsonObject { ["type"] = "http", ["scheme"] = "basic" },
            },
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                ["Error"] = new JsonObject { ["description"] = "What is wrong", ["content"] = Content(error) },
            },
            ["schemas"] = schemas.ToJson(),
        };
    }

    private static JsonObject ToJson(Operation operation, string method, RoutePattern pattern, Schemas schemas)
    {
        var json = new JsonObject
        {
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] = operation.Summary,
            ["operationId"] = IdOf(method, pattern),
            ["responses"] = new JsonObject
            {
                [$"{operation.Success}"] = Success(operation, schemas),
                ["4XX"] = new JsonObject { ["$ref"] = "#/components/responses/Error" },
            },
        };
        var parameters = new JsonArray();
        foreach (var part in pattern.Parameters)
            parameters.Add((JsonNode)Parameter("path", part.Name, "string", null));
        foreach (var (name, meaning) in operation.Query)
            parameters.Add((JsonNode)Parameter("query", name, "string", meaning));
        foreach (var (name, _, _) in operation.IsList ? ListParameters : [])
            parameters.Add((JsonNode)new JsonObject { ["$ref"] = $"#/components/parameters/{name}" });
        if (parameters.Count > 0)
            json["parameters"] = parameters;
        if (operation.Body is { } example)
        {
            var content = Content(Schemas.OfExample(JsonElement.Parse(example)));
            content["application/json"]!["example"] = JsonNode.Parse(example);
            json["requestBody"] = new JsonObject { ["content"] = content };
        }
        return json;
    }

    // getQueuesByVhostByName
    private static string IdOf(string method, RoutePattern pattern)
    {
        var id = new StringBuilder(method.ToLowerInvariant());
        foreach (var part in pattern.PathSegments.SelectMany(static s => s.Parts))
        {
            var (by, text) = part is RoutePatternParameterPart parameter
                ? ("By", parameter.Name) : ("", (part as RoutePatternLiteralPart)?.Content ?? "");
            if (text == "api" && pattern.PathSegments.Count > 1)
                continue;
            id.Append(by);
            foreach (var word in text.Split('-', '_', '.'))
                id.Append(char.ToUpperInvariant(word[0])).Append(word.AsSpan(1));
        }
        return id.ToString();
    }

    private static JsonObject Success(Operation operation, Schemas schemas)
    {
        var json = new JsonObject
        {
            ["description"] = operation.Success switch
            {
                201 => "Made; 204 if it was there",
                204 => "Done",
                _ => "The answer",
            },
        };
        if (operation.Reply is { } type)
        {
            var schema = schemas.Of(type);
            json["content"] = Content(operation.IsList ? Schemas.ArrayOf(schema) : schema);
        }
        else if (operation.MediaType is { } mediaType)
        {
            json["content"] = new JsonObject { [mediaType] = new JsonObject() };
        }
        return json;
    }

    private static JsonObject Content(JsonNode schema) =>
        new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Parameter(string where, string name, string type, string? meaning)
    {
        var json = new JsonObject { ["name"] = name, ["in"] = where };
        if (where == "path")
            json["required"] = true;
        if (meaning is not null)
            json["description"] = meaning;
        json["schema"] = new JsonObject { ["type"] = type };
        return json;
    }
}
