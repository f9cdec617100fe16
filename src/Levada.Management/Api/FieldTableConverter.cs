using System.Text.Json;
using System.Text.Json.Serialization;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>A field table as a JSON object, as RabbitMQ's API shows client properties and arguments.</summary>
internal sealed class FieldTableConverter : JsonConverter<FieldTable>
{
    public override FieldTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("tables are only written");

    public override void Write(Utf8JsonWriter writer, FieldTable value, JsonSerializerOptions options) =>
        Write(writer, value);

    private static void Write(Utf8JsonWriter writer, FieldTable table)
    {
        writer.WriteStartObject();
        // Clients may send a key twice; a JSON object has it once, with the value that counts.
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
}
