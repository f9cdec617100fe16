using System.Text.Json;

namespace Levada.Cli.Control;

/// <summary>A column: rabbitmqctl's name, and where in the API's answer its value is.</summary>
internal sealed record Column(string Name, string Path)
{
    /// <summary>
    /// Columns whose values are where their names say; NAME=PATH for the others, NAME="TEXT" for the same in each row.
    /// </summary>
    public static IReadOnlyList<Column> Of(string names) =>
        [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>Undefined if the row has none.</summary>
    public JsonElement In(JsonElement row)
    {
        if (Path.StartsWith('"'))
            return JsonElement.Parse(Path);
        foreach (var part in Path.Split('/'))
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(part, out row))
                return default;
        }
        return row;
    }

    /// <summary>Its value as rabbitmqctl shows it: definitions as JSON, arguments as lists of pairs.</summary>
    public string TextIn(JsonElement row) =>
        Name is ("definition" or "value" or "limits") && In(row) is { ValueKind: JsonValueKind.Object } value
            ? value.GetRawText()
            : RowWriter.Text(In(row));

    private static Column Parse(string text) =>
        text.Split('=') is [var name, var path] ? new Column(name, path) : new Column(text, text);
}
