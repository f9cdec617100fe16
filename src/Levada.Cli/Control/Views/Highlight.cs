using Spectre.Console;

namespace Levada.Cli.Control.Views;

/// <summary>Colours of cells, on a terminal that has some.</summary>
internal static class Highlight
{
    private static readonly Style Header = new(decoration: Decoration.Bold);
    private static readonly Style Sorted = new(decoration: Decoration.Bold | Decoration.Underline);
    private static readonly Style Unusual = new(Color.Yellow);
    private static readonly Style Quiet = new(Color.Grey);

    /// <summary>How cells look: a header is bold, a state other than running stands out, a nought does not.</summary>
    public static Func<int, int, string, Style> Cell(IReadOnlyList<ViewColumn> columns, ViewColumn? sorted = null) =>
        (row, column, text) => row < 0 ? columns[column] == sorted ? Sorted : Header
            : columns[column].Title == "state" && text is not ("running" or "idle" or "") ? Unusual
            : columns[column].IsNumber && text is "0" or "0 B" or "0 B/s" ? Quiet
            : Style.Plain;
}
