using System.Text.Json;
using System.Text.Json.Serialization;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>A field table as a JSON object, as RabbitMQ's API shows client properties and arguments.</summary>
internal sealed class FieldTableConverter : JsonConverter<FieldTable>
{
    /// <exception cref="JsonException">It is no object, or no table can be made of it.</exception>
    public override FieldTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        try
        {
            return FieldTableJson.ReadTable(json.RootElement);
        }
        catch (FormatException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, FieldTable value, JsonSerializerOptions options) =>
        FieldTableJson.Write(writer, value);
}
