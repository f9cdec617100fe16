namespace Levada.Cli.Control.Views;

/// <summary>A row of a view: for each of its columns a text, and of some a number.</summary>
internal sealed record ViewRow(string Key, string[] Texts, double[] Numbers)
{
    public string Text(View view, ViewColumn column) => Texts[Index(view, column)];

    public double Number(View view, ViewColumn column) => Numbers[Index(view, column)];

    private static int Index(View view, ViewColumn column)
    {
        for (var i = 0; i < view.Columns.Count; i++)
        {
            if (view.Columns[i] == column)
                return i;
        }
        throw new ArgumentException($"{view.Name} has no column {column.Title}", nameof(column));
    }
}
