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

    /// <summary>Its values are definitions, which rabbitmqctl shows as JSON in a text.</summary>
    public bool IsDefinition { get; init; } = Name is "definition" or "value";

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
        IsDefinition && In(row) is { ValueKind: not JsonValueKind.Undefined } definition ? definition.GetRawText()
        : Name == "limits" && In(row) is { ValueKind: JsonValueKind.Object } limits ? limits.GetRawText()
        // As the Erlang term that rabbitmqctl shows.
        : Name == "protocol" && RowWriter.Text(In(row)) is "AMQP 0-9-1" ? "{0,9,1}"
        : RowWriter.Text(In(row));

    private static Column Parse(string text) =>
        text.Split('=') is [var name, var path] ? new Column(name, path) : new Column(text, text);
}
