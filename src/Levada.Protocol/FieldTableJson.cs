using System.Text;
using System.Text.Json;

namespace Levada.Protocol;

/// <summary>Fields as JSON and back, with the types that RabbitMQ's HTTP API gives them.</summary>
public static class FieldTableJson
{
    private const int KeyMax = 255;

    /// <exception cref="FormatException">It is no object, too deep, or a key is longer than 255 octets.</exception>
    public static FieldTable ReadTable(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? Table(json, depth: 1)
        : throw new FormatException("expected a JSON object");

    /// <summary>Whole numbers become long, others double, texts longstr.</summary>
    /// <exception cref="FormatException">It is too deep, or a key is longer than 255 octets.</exception>
    public static FieldValue ReadValue(JsonElement json) => Value(json, depth: 1);

    /// <summary>An object. It has a key that came twice once, with the value that counts.</summary>
    public static void Write(Utf8JsonWriter writer, FieldTable table)
    {
        writer.WriteStartObject();
        foreach (var key in table.Select(static entry => entry.Key).Distinct())
        {
            writer.WritePropertyName(key);
            table.TryGet(key, out var value);
            Write(writer, value);
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, FieldValue value)
    {
        switch (value.Type)
        {
            case FieldType.Boolean:
                writer.WriteBooleanValue(value.AsBoolean);
                break;
            case FieldType.Table:
                Write(writer, value.AsTable);
                break;
            case FieldType.Array:
                writer.WriteStartArray();
                foreach (var item in value.AsArray)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case FieldType.Float or FieldType.Double when double.IsFinite(value.AsDouble):
                writer.WriteNumberValue(value.AsDouble);
                break;
            case FieldType.Void:
                writer.WriteNullValue();
                break;
            case FieldType.LongString or FieldType.Binary:
                writer.WriteStringValue(value.AsString);
                break;
            case var _ when value.TryGetInteger(out var number):
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }

    private static FieldTable Table(JsonElement json, int depth)
    {
        Check(depth <= FieldTable.MaxDepth, "nested too deep");
        var table = new FieldTable();
        foreach (var property in json.EnumerateObject())
        {
            Check(Encoding.UTF8.GetByteCount(property.Name) <= KeyMax, "a key is longer than 255 octets");
            table.Add(property.Name, Value(property.Value, depth));
        }
        return table;
    }

    private static FieldValue Value(JsonElement json, int depth) => json.ValueKind switch
    {
        JsonValueKind.Object => FieldValue.Table(Table(json, depth + 1)),
        JsonValueKind.Array => Array(json, depth + 1),
        JsonValueKind.String => FieldValue.String(json.GetString()!),
        JsonValueKind.Number => json.TryGetInt64(out var whole)
            ? FieldValue.Long(whole)
            : FieldValue.Double(json.GetDouble()),
        JsonValueKind.True => FieldValue.Boolean(true),
        JsonValueKind.False => FieldValue.Boolean(false),
        _ => FieldValue.Void,
    };

    private static FieldValue Array(JsonElement json, int depth)
    {
        Check(depth <= FieldTable.MaxDepth, "nested too deep");
        return FieldValue.Array([.. json.EnumerateArray().Select(item => Value(item, depth))]);
    }

    private static void Check(bool isRight, string fault)
    {
        if (!isRight)
            throw new FormatException(fault);
    }
}
