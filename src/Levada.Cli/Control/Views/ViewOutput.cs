using System.Text;
using System.Text.Json;

namespace Levada.Cli.Control.Views;

/// <summary>Writes the rows of a view once.</summary>
internal static class ViewOutput
{
    /// <param name="session">In which form.</param>
    /// <param name="view">Whose.</param>
    /// <param name="columns">Which of its columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="isWide">Nothing is cut.</param>
    public static void Write(
        ControlSession session, View view, IReadOnlyList<ViewColumn> columns, IReadOnlyList<ViewRow> rows, bool isWide)
    {
        var header = columns.Select(static c => c.Title).ToList();
        switch (session.Format)
        {
            case OutputFormat.Json:
                Console.Out.WriteLine(Json(view, columns, rows));
                break;
            case OutputFormat.Csv:
                if (session.WithHeader)
                    Console.Out.WriteLine(string.Join(',', header.Select(RowWriter.Quoted)));
                foreach (var row in rows)
                    Console.Out.WriteLine(string.Join(',', columns.Select(c => RowWriter.Quoted(row.Text(view, c)))));
                break;
            case OutputFormat.Table:
                if (session.WithHeader)
                    Console.Out.WriteLine(string.Join('\t', header));
                foreach (var row in rows)
                    Console.Out.WriteLine(string.Join('\t', columns.Select(c => TableText.OneLine(row.Text(view, c)))));
                break;
            default:
                TableText.Write(header, [.. rows.Select(row => Cells(view, columns, row))], isWide);
                break;
        }
    }

    public static string[] Cells(View view, IReadOnlyList<ViewColumn> columns, ViewRow row) =>
        [.. columns.Select(c => row.Text(view, c))];

    private static string Json(View view, IReadOnlyList<ViewColumn> columns, IReadOnlyList<ViewRow> rows)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartObject();
                foreach (var column in columns)
                {
                    if (!column.IsNumber)
                        json.WriteString(column.Title, row.Text(view, column));
                    else if (double.IsNaN(row.Number(view, column)))
                        json.WriteNull(column.Title);
                    else
                        json.WriteNumber(column.Title, row.Number(view, column));
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
