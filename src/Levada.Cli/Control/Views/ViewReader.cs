using System.Text.Json;

namespace Levada.Cli.Control.Views;

/// <summary>
/// Asks for a view's rows again and again; rates are by what changed since it asked last, and by the broker's own
/// reckoning the first time. One caller at a time.
/// </summary>
internal sealed class ViewReader(BrokerApi api, View view)
{
    /// <summary>The API gives no larger pages.</summary>
    private const int PageMax = 500;

    private Dictionary<string, JsonElement> _before = [];
    private long _askedAt;

    /// <summary>How many there are, those left out included; of the answer that came last.</summary>
    public long Total { get; private set; }

    /// <param name="order">Which, and in which order.</param>
    /// <param name="isForPeople">Numbers are shown with units.</param>
    /// <exception cref="ControlException">The broker cannot be reached, or refuses.</exception>
    public async Task<IReadOnlyList<ViewRow>> ReadAsync(ViewOrder order, bool isForPeople)
    {
        var items = await AskAsync(order);
        var now = Environment.TickCount64;
        var seconds = _askedAt == 0 ? 0 : (now - _askedAt) / 1000.0;
        var after = new Dictionary<string, JsonElement>(items.Count);
        var rows = new List<ViewRow>(items.Count);
        foreach (var item in items)
        {
            var key = string.Join('\n', view.Key.Select(c => RowWriter.Text(c.In(item))));
            after[key] = item;
            var row = RowOf(key, item, _before.GetValueOrDefault(key), seconds, isForPeople);
            if (order.Filters.All(filter => filter.Fits(view, row)))
                rows.Add(row);
        }
        (_before, _askedAt) = (after, now);
        if (order.Filters.Count > 0)
            Total = rows.Count;
        return [.. Sorted(rows, order).Skip(order.Filters.Count > 0 || !IsPaged(order) ? order.Skip : 0)
            .Take(order.Limit)];
    }

    // The broker cuts the list itself if nothing but its order and length counts.
    private static bool IsPaged(ViewOrder order) =>
        order.Filters.Count == 0 && order.Limit <= PageMax && order.Sort.SortKey is not null
        && order.Skip % order.Limit == 0;

    private async Task<IReadOnlyList<JsonElement>> AskAsync(ViewOrder order)
    {
        var path = $"/api/{view.Name}";
        if (order.VHost is { } vhost)
        {
            path = view.Name is "connections" or "channels"
                ? $"/api/vhosts/{Uri.EscapeDataString(vhost)}/{view.Name}"
                : $"{path}/{Uri.EscapeDataString(vhost)}";
        }
        if (IsPaged(order))
        {
            path += $"?page={order.Skip / order.Limit + 1}&page_size={order.Limit}&sort={order.Sort.SortKey}"
                + $"&sort_reverse={(order.IsFalling ? "true" : "false")}";
        }
        JsonElement answer;
        try
        {
            answer = await api.GetAsync(path);
        }
        catch (ControlException e) when (e.Status == System.Net.HttpStatusCode.BadRequest && order.Skip > 0)
        {
            // There are fewer pages now than there were.
            Total = 0;
            return [];
        }
        if (answer.ValueKind == JsonValueKind.Object)
        {
            Total = answer.GetProperty("filtered_count").GetInt64();
            return [.. answer.GetProperty("items").EnumerateArray()];
        }
        Total = answer.GetArrayLength();
        return [.. answer.EnumerateArray()];
    }

    private ViewRow RowOf(string key, JsonElement item, JsonElement before, double seconds, bool isForPeople)
    {
        var texts = new string[view.Columns.Count];
        var numbers = new double[view.Columns.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            var column = view.Columns[i];
            numbers[i] = column.IsNumber ? column.NumberIn(item, before, seconds) : double.NaN;
            texts[i] = !column.IsNumber ? RowWriter.Text(column.In(item))
                : isForPeople ? column.Show(numbers[i])
                : ViewColumn.Plain(numbers[i]);
        }
        return new ViewRow(key, texts, numbers);
    }

    // Rates are ours, so the order is too; rows that are alike keep their places from one answer to the next.
    private IEnumerable<ViewRow> Sorted(List<ViewRow> rows, ViewOrder order)
    {
        var sorted = order.Sort.IsNumber
            ? order.IsFalling
                ? rows.OrderByDescending(row => row.Number(view, order.Sort))
                : rows.OrderBy(row => row.Number(view, order.Sort))
            : order.IsFalling
                ? rows.OrderByDescending(row => row.Text(view, order.Sort), StringComparer.Ordinal)
                : rows.OrderBy(row => row.Text(view, order.Sort), StringComparer.Ordinal);
        return sorted.ThenBy(static row => row.Key, StringComparer.Ordinal);
    }
}
