using System.Text.Json;
using Levada.Protocol;

namespace Levada.Cli.Perf;

/// <summary>Turns the JSON of --queue-args, --consumer-args and --properties into tables and properties.</summary>
internal static class JsonArguments
{
    /// <exception cref="FormatException">Not a JSON object.</exception>
    public static FieldTable ToTable(string json)
    {
        using var document = ParseObject(json);
        return ToTable(document.RootElement);
    }

    /// <summary>Keys as in AMQP with underscores: content_type, delivery_mode, headers, ...</summary>
    /// <exception cref="FormatException">Not a JSON object, or a key that is no property.</exception>
    public static BasicProperties ToProperties(string json)
    {
        using var document = ParseObject(json);
        var properties = new BasicProperties();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            try
            {
                Set(properties, member.Name.Replace('-', '_'), member.Value);
            }
            catch (InvalidOperationException)
            {
                throw new FormatException($"the property {member.Name} cannot be {member.Value.GetRawText()}");
            }
        }
        return properties;
    }

    private static void Set(BasicProperties properties, string name, JsonElement value)
    {
        switch (name)
        {
            case "content_type": properties.ContentType = value.GetString(); break;
            case "content_encoding": properties.ContentEncoding = value.GetString(); break;
            case "headers": properties.Headers = ToTable(value); break;
            case "delivery_mode": properties.DeliveryMode = value.GetByte(); break;
            case "priority": properties.Priority = value.GetByte(); break;
            case "correlation_id": properties.CorrelationId = value.GetString(); break;
            case "reply_to": properties.ReplyTo = value.GetString(); break;
            case "expiration":
                var number = value.ValueKind == JsonValueKind.Number;
                properties.Expiration = number ? value.GetRawText() : value.GetString();
                break;
            case "message_id": properties.MessageId = value.GetString(); break;
            case "timestamp": properties.Timestamp = value.GetUInt64(); break;
            case "type": properties.Type = value.GetString(); break;
            case "user_id": properties.UserId = value.GetString(); break;
            case "app_id": properties.AppId = value.GetString(); break;
            default: throw new FormatException($"'{name}' is not a property of a message");
        }
    }

    private static JsonDocument ParseObject(string json)
    {
        try
        {
            var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{json}' is not JSON: {e.Message}", e);
        }
        throw new FormatException($"'{json}' is not a JSON object");
    }

    private static FieldTable ToTable(JsonElement element)
    {
        var table = new FieldTable();
        foreach (var member in element.EnumerateObject()) table.Add(member.Name, ToValue(member.Value));
        return table;
    }

    private static FieldValue ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => FieldValue.String(element.GetString()!),
        JsonValueKind.True => FieldValue.Boolean(true),
        JsonValueKind.False => FieldValue.Boolean(false),
        JsonValueKind.Number => element.TryGetInt64(out var integer)
            ? FieldValue.Long(integer)
            : FieldValue.Double(element.GetDouble()),
        JsonValueKind.Array => FieldValue.Array([.. element.EnumerateArray().Select(ToValue)]),
        JsonValueKind.Object => FieldValue.Table(ToTable(element)),
        _ => FieldValue.Void,
    };
}
