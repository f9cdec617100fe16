namespace Levada.Cli.Control.Views;

/// <summary>What <c>levada top</c> shows, and what keys make of that. One thread.</summary>
internal sealed class TopState
{
    private static readonly string[] Names = ["connections", "channels", "queues", "consumers"];
    private static readonly double[] Intervals = [0.2, 0.5, 1, 2, 5, 10, 30];

    private readonly Dictionary<View, (ViewColumn Sort, bool IsReversed)> _orders = [];
    private int _interval = 2;

    public TopState() => Choose(1);

    public static IReadOnlyList<View> Views { get; } =
        [.. Names.Select(static name => View.All.First(view => view.Name == name))];

    public View View { get; private set; } = null!;

    public ViewColumn Sort => _orders[View].Sort;

    public bool IsReversed => _orders[View].IsReversed;

    /// <summary>Rows left out above.</summary>
    public int Skip { get; private set; }

    public bool IsPaused { get; private set; }

    public bool IsQuit { get; private set; }

    /// <summary>Only rows with this somewhere; empty for all.</summary>
    public string Filter { get; private set; } = "";

    /// <summary>The filter is being typed.</summary>
    public bool IsTyping { get; private set; }

    public TimeSpan Interval => TimeSpan.FromSeconds(Intervals[_interval]);

    public ViewOrder Order(int rows, string? vhost) => new()
    {
        Sort = Sort, IsReversed = IsReversed, Limit = rows, Skip = Skip / rows * rows, VHost = vhost,
        Filters = Filter.Length == 0 ? [] : [RowFilter.Parse(View, Filter)],
    };

    /// <param name="key">The key.</param>
    /// <param name="page">How many rows are shown.</param>
    /// <param name="total">How many there are.</param>
    public void Press(ConsoleKeyInfo key, int page, long total)
    {
        if (IsTyping)
        {
            Type(key);
            return;
        }
        switch (key.Key)
        {
            case ConsoleKey.Escape:
                IsQuit = true;
                break;
            case ConsoleKey.Tab:
                Choose((Array.IndexOf(Names, View.Name) + (key.Modifiers == ConsoleModifiers.Shift ? 3 : 1)) % 4);
                break;
            case ConsoleKey.DownArrow or ConsoleKey.PageDown when Skip + page < total:
                Skip += page;
                break;
            case ConsoleKey.UpArrow or ConsoleKey.PageUp:
                Skip = Math.Max(0, Skip - page);
                break;
            case ConsoleKey.RightArrow:
                SortBeside(1);
                break;
            case ConsoleKey.LeftArrow:
                SortBeside(-1);
                break;
            case ConsoleKey.Home:
                Skip = 0;
                break;
            default:
                Press(key.KeyChar);
                break;
        }
    }

    private void Press(char key)
    {
        switch (key)
        {
            case 'q' or 'Q':
                IsQuit = true;
                break;
            case >= '1' and <= '4':
                Choose(key - '1');
                break;
            case 's' or '>':
                SortBeside(1);
                break;
            case 'S' or '<':
                SortBeside(-1);
                break;
            case 'r' or 'R':
                _orders[View] = (Sort, !IsReversed);
                break;
            case 'p' or 'P' or ' ':
                IsPaused = !IsPaused;
                break;
            case '/':
                (IsTyping, Filter, Skip) = (true, "", 0);
                break;
            case '+':
                _interval = Math.Min(_interval + 1, Intervals.Length - 1);
                break;
            case '-':
                _interval = Math.Max(_interval - 1, 0);
                break;
        }
    }

    // Only a text that is anywhere: what has an operator in it is looked for as well once it makes sense.
    private void Type(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Escape)
            (IsTyping, Filter) = (false, "");
        else if (key.Key == ConsoleKey.Enter)
            IsTyping = false;
        else if (key.Key == ConsoleKey.Backspace)
            Filter = Filter.Length == 0 ? "" : Filter[..^1];
        else if (!char.IsControl(key.KeyChar))
            Filter += key.KeyChar;
    }

    private void Choose(int number)
    {
        View = Views[number];
        Skip = 0;
        _orders.TryAdd(View, (View.Column(View.Sort), false));
    }

    private void SortBeside(int step)
    {
        var columns = View.Columns;
        var at = 0;
        while (columns[at] != Sort)
            at++;
        _orders[View] = (columns[(at + step + columns.Count) % columns.Count], false);
        Skip = 0;
    }
}
