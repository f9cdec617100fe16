using System.Globalization;

namespace Levada.Protocol;

/// <summary>A value as RabbitMQ shows it in its texts.</summary>
public static class ErlangTerm
{
    public static string Of(string text) => text.Length == 0 ? "<<>>" : $"<<\"{text}\">>";

    public static string Of(FieldValue value) => value.Type switch
    {
        FieldType.LongString => Of(value.AsString),
        FieldType.Array => $"[{string.Join(',', value.AsArray.Select(Of))}]",
        FieldType.Table =>
            $"#{{{string.Join(',', value.AsTable.Select(static e => $"{Of(e.Key)} => {Of(e.Value)}"))}}}",
        FieldType.Void => "null",
        FieldType.Double => value.AsDouble.ToString("0.0###############", CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
