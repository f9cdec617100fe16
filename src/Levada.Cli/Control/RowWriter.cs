using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace Levada.Cli.Control;

/// <summary>Writes rows as rabbitmqctl does, so that scripts written for it go on working.</summary>
internal static class RowWriter
{
    /// <summary>Quotes and letters as they are: what is written is for no web page.</summary>
    public static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(
        TextWriter to, OutputFormat format, bool withHeader, IReadOnlyList<Column> columns,
        IReadOnlyList<JsonElement> rows)
    {
        switch (format)
        {
            case OutputFormat.Json:
                WriteJson(to, columns, rows);
                break;
            case OutputFormat.Csv:
                WriteCsv(to, withHeader, columns, rows);
                break;
            case OutputFormat.PrettyTable:
                WritePretty(columns, rows);
                break;
            default:
                // No rows, no header: rabbitmqctl learns the columns from the first.
                if (withHeader && rows.Count > 0)
                    to.WriteLine(string.Join('\t', columns.Select(static c => c.Name)));
                foreach (var row in rows)
                    to.WriteLine(string.Join('\t', columns.Select(c => OneLine(c.TextIn(row)))));
                break;
        }
    }

    /// <summary>A value as rabbitmqctl shows it: lists in brackets, tables as lists of pairs.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Text))}]",
        JsonValueKind.Object =>
            $"[{string.Join(",", value.EnumerateObject().Select(static p => $"{{\"{p.Name}\",{Inner(p.Value)}}}"))}]",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };

    private static string Inner(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? $"\"{value.GetString()}\"" : Text(value);

    // A tab or a line break in a name would make another column or row of it.
    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAny('\t', '\r', '\n') < 0 ? text
        : text.Replace("\t", "\\t", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static void WriteJson(TextWriter to, IReadOnlyList<Column> columns, IReadOnlyList<JsonElement> rows)
    {
        // A row a line, as rabbitmqctl writes them: scripts cut them apart by lines.
        to.WriteLine('[');
        for (var i = 0; i < rows.Count; i++)
        {
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes, Relaxed))
                WriteRow(json, columns, rows[i]);
            to.WriteLine((i == 0 ? "" : ",") + Encoding.UTF8.GetString(bytes.ToArray()));
        }
        to.WriteLine(']');
    }

    private static void WriteRow(Utf8JsonWriter json, IReadOnlyList<Column> columns, JsonElement row)
    {
        json.WriteStartObject();
        foreach (var column in columns)
        {
            json.WritePropertyName(column.Name);
            if (column.In(row) is not { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value)
                json.WriteStringValue("");
            else if (column.IsDefinition)
                json.WriteStringValue(value.GetRawText());
            else
                value.WriteTo(json);
        }
        json.WriteEndObject();
    }

    private static void WriteCsv(
        TextWriter to, bool withHeader, IReadOnlyList<Column> columns, IReadOnlyList<JsonElement> rows)
    {
        if (withHeader && rows.Count > 0)
            to.WriteLine(string.Join(',', columns.Select(static c => Quoted(c.Name))));
        foreach (var row in rows)
            to.WriteLine(string.Join(',', columns.Select(c => Quoted(c.TextIn(row)))));
    }

    /// <summary>A field of a line of CSV.</summary>
    public static string Quoted(string text) =>
        $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // Fits the terminal: cells are wrapped.
    private static void WritePretty(IReadOnlyList<Column> columns, IReadOnlyList<JsonElement> rows)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column.Name)));
        foreach (var row in rows)
            table.AddRow([.. columns.Select(c => Markup.Escape(c.TextIn(row)))]);
        AnsiConsole.Write(table);
    }
}
