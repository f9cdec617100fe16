using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Levada.Cli.Control.Views;

/// <summary>
/// Tables for people: on a terminal with frames, cut to its width; else, for other programs, separated by tabs.
/// </summary>
internal static class TableText
{
    private const int FirstLeast = 24;
    private const int TextLeast = 8;
    private const char Ellipsis = '…';

    /// <summary>What a frame and the space around a cell take of the width.</summary>
    private const int FrameWidth = 3;

    /// <param name="header">The columns' names.</param>
    /// <param name="rows">Their values, shown as they are.</param>
    /// <param name="isWide">Nothing is cut, however wide that gets.</param>
    public static void Write(IReadOnlyList<string> header, IReadOnlyList<string[]> rows, bool isWide = false)
    {
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine(string.Join('\t', header));
            foreach (var row in rows)
                Console.Out.WriteLine(string.Join('\t', row.Select(OneLine)));
            return;
        }
        var console = AnsiConsole.Console;
        if (isWide)
            console.Profile.Width = int.MaxValue / 2;
        console.Write(Framed(header, rows, console.Profile.Width, static (_, _, _) => Style.Plain));
    }

    /// <summary>The table as something that a live display can show.</summary>
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">Their values.</param>
    /// <param name="width">How wide it may be.</param>
    /// <param name="style">How a cell looks, by its row, column and text; a header has the row -1.</param>
    public static Table Framed(
        IReadOnlyList<string> header, IReadOnlyList<string[]> rows, int width, Func<int, int, string, Style> style)
    {
        var widths = Widths(header, rows, width);
        var table = new Table { Border = TableBorder.Square };
        for (var i = 0; i < widths.Length; i++)
        {
            var name = new Text(Cut(header[i], widths[i]), style(-1, i, header[i]));
            var column = new TableColumn(name).Padding(1, 1).NoWrap();
            column.Width = widths[i];
            column.Alignment = IsNumeric(rows, i) ? Justify.Right : Justify.Left;
            table.AddColumn(column);
        }
        for (var number = 0; number < rows.Count; number++)
        {
            var row = rows[number];
            table.AddRow(widths.Select((cells, i) => new Text(Cut(OneLine(row[i]), cells), style(number, i, row[i]))));
        }
        return table;
    }

    /// <summary>A text of at most so many cells; what is cut off shows as an ellipsis.</summary>
    public static string Cut(string text, int cells)
    {
        if (WidthOf(text) <= cells)
            return text;
        var kept = text;
        while (kept.Length > 0 && WidthOf(kept) > cells - 1)
        {
            var last = StringInfo.ParseCombiningCharacters(kept)[^1];
            kept = kept[..last];
        }
        return kept + Ellipsis;
    }

    /// <summary>Line breaks and tabs, and what else a terminal would obey, made visible.</summary>
    public static string OneLine(string text) =>
        !text.Any(char.IsControl) ? text : string.Concat(text.Select(static c => c switch
        {
            '\t' => "\\t",
            '\r' => "\\r",
            '\n' => "\\n",
            _ when char.IsControl(c) => $"\\x{(int)c:x2}",
            _ => c.ToString(),
        }));

    // Numbers and short texts are never cut: what does not fit beside them is left out, the last columns first. Then
    // the widest texts give way.
    private static int[] Widths(IReadOnlyList<string> header, IReadOnlyList<string[]> rows, int width)
    {
        var widths = header.Select((name, i) =>
            rows.Select(row => WidthOf(OneLine(row[i]))).Append(WidthOf(name)).Max()).ToList();
        var least = widths.Select((cells, i) =>
            i == 0 ? Math.Min(cells, FirstLeast) : IsNumeric(rows, i) ? cells : Math.Min(cells, TextLeast)).ToList();
        while (least.Count > 1 && least.Sum() + (FrameWidth * least.Count) + 1 > width)
        {
            widths.RemoveAt(widths.Count - 1);
            least.RemoveAt(least.Count - 1);
        }
        var room = Math.Max(width - (FrameWidth * widths.Count) - 1, 1);
        least[0] = Math.Min(least[0], Math.Max(1, room));
        while (widths.Sum() > room)
        {
            var widest = Enumerable.Range(0, widths.Count).MaxBy(i => widths[i] - least[i]);
            if (widths[widest] <= least[widest])
                break;
            widths[widest]--;
        }
        return [.. widths];
    }

    private static int WidthOf(string text) => Segment.CellCount([new Segment(text)]);

    private static bool IsNumeric(IReadOnlyList<string[]> rows, int column) =>
        rows.Count > 0 && rows.All(row => IsNumber(row[column]));

    private static bool IsNumber(string text) => text.Length == 0
        || double.TryParse(text.AsSpan().TrimEnd("%kMGTB/smindh ".AsSpan()), CultureInfo.InvariantCulture, out _);
}
