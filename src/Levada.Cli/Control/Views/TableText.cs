using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Levada.Cli.Control.Views;

/// <summary>
/// Tables for people: on a terminal with frames, cut to its width; else, for other programs, separated by tabs.
/// </summary>
internal static class TableText
{
    private const int LeastWidth = 4;
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
        console.Write(Framed(header, rows, console.Profile.Width, static (_, _, text) => new Text(text)));
    }

    /// <summary>The table as something that a live display can show.</summary>
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">Their values.</param>
    /// <param name="width">How wide it may be.</param>
    /// <param name="style">Makes a cell of row, column and text; a header has the row -1.</param>
    public static Table Framed(
        IReadOnlyList<string> header, IReadOnlyList<string[]> rows, int width, Func<int, int, string, Text> style)
    {
        var widths = Widths(header, rows, width);
        var table = new Table { Border = TableBorder.Square };
        for (var i = 0; i < widths.Length; i++)
        {
            var column = new TableColumn(style(-1, i, Cut(header[i], widths[i]))).Padding(1, 1).NoWrap();
            column.Width = widths[i];
            column.Alignment = rows.Count > 0 && rows.All(row => IsNumber(row[i])) ? Justify.Right : Justify.Left;
            table.AddColumn(column);
        }
        for (var number = 0; number < rows.Count; number++)
            table.AddRow(widths.Select((cells, i) => style(number, i, Cut(OneLine(rows[number][i]), cells))));
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

    // The widest give way first; columns for which there is no room at all are left out, the last ones first.
    private static int[] Widths(IReadOnlyList<string> header, IReadOnlyList<string[]> rows, int width)
    {
        var widths = header.Select((name, i) =>
            rows.Select(row => WidthOf(OneLine(row[i]))).Append(WidthOf(name)).Max()).ToList();
        while (widths.Count > 1 && widths.Sum(static w => Math.Min(w, LeastWidth) + FrameWidth) + 1 > width)
            widths.RemoveAt(widths.Count - 1);
        var room = Math.Max(width - (FrameWidth * widths.Count) - 1, widths.Count);
        for (var excess = widths.Sum() - room; excess > 0; excess = widths.Sum() - room)
        {
            var widest = widths.Max();
            var next = widths.Where(w => w < widest).DefaultIfEmpty(1).Max();
            var count = widths.Count(w => w == widest);
            var less = Math.Clamp(excess / count, 1, Math.Max(1, widest - next));
            for (var i = widths.Count - 1; i >= 0 && excess > 0; i--)
            {
                if (widths[i] != widest)
                    continue;
                widths[i] -= less;
                excess -= less;
            }
        }
        return [.. widths];
    }

    private static int WidthOf(string text) => Segment.CellCount([new Segment(text)]);

    private static bool IsNumber(string text) => text.Length == 0
        || double.TryParse(text.AsSpan().TrimEnd("%kMGB/s ".AsSpan()), CultureInfo.InvariantCulture, out _);
}
