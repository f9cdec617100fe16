using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Levada.Protocol;

namespace Levada.Management.OpenApi;

/// <summary>The schemas of what is answered, from the types that it is made of, and of bodies, from examples.</summary>
internal sealed class Schemas
{
    private const string Reply = "Reply";

    private readonly SortedDictionary<string, JsonNode> _all = new(StringComparer.Ordinal);

    /// <summary>Those that were referred to, by name.</summary>
    public JsonObject ToJson()
    {
        var all = new JsonObject();
        foreach (var (name, schema) in _all)
            all[name] = schema;
        return all;
    }

    /// <summary>A reference to a type's schema.</summary>
    public JsonObject Of(JsonTypeInfo type)
    {
        var item = type.ElementType is { } element ? type.Options.GetTypeInfo(element) : type;
        var name = item.Type.Name.EndsWith(Reply, StringComparison.Ordinal)
            ? item.Type.Name[..^Reply.Length] : item.Type.Name;
        if (!_all.ContainsKey(name))
        {
            // Before it is made: a type may have parts of its own type.
            _all[name] = new JsonObject();
            _all[name] = JsonSchemaExporter.GetJsonSchemaAsNode(
                item, new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Part });
        }
        var reference = new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
        return item == type ? reference : ArrayOf(reference);
    }

    // A part that is an object has a schema of its own; AMQP's fields are an object of whatever there is.
    private JsonNode Part(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.TypeInfo.Type == typeof(FieldTable))
            return new JsonObject { ["type"] = "object" };
        if (context.TypeInfo.Type == typeof(FieldValue))
            return new JsonObject();
        return context.TypeInfo.Kind == JsonTypeInfoKind.Object && context.Path.Length > 0
            && !context.TypeInfo.Type.IsGenericType
            ? Of(context.TypeInfo) : schema;
    }

    public static JsonObject ArrayOf(JsonNode item) => new() { ["type"] = "array", ["items"] = item };

    /// <summary>A schema that an example fits.</summary>
    public static JsonObject OfExample(JsonElement example)
    {
        var schema = new JsonObject
        {
            ["type"] = example.ValueKind switch
            {
                JsonValueKind.Object => "object",
                JsonValueKind.Array => "array",
                JsonValueKind.String => "string",
                JsonValueKind.Number => "number",
                JsonValueKind.True or JsonValueKind.False => "boolean",
                _ => "null",
            },
        };
        if (example.ValueKind == JsonValueKind.Object)
        {
            var properties = new JsonObject();
            foreach (var property in example.EnumerateObject())
                properties[property.Name] = OfExample(property.Value);
            schema["properties"] = properties;
        }
        if (example.ValueKind == JsonValueKind.Array && example.GetArrayLength() > 0)
            schema["items"] = OfExample(example[0]);
        return schema;
    }
}
