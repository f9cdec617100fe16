using System.Runtime.InteropServices;

namespace Levada.Management.Lists;

/// <summary>
/// Takes the objects of a list one by one and keeps those that a page may show: twice as many as come up to its end at
/// most. Of one request.
/// </summary>
internal sealed class ListRows<T>(ListKind<T> kind, ListRequest request)
{
    // With fewer they would be sorted too often.
    private const int LeastKept = 500;

    private readonly List<Row> _rows = [];
    private readonly int _wanted = request.Page == 0
        ? int.MaxValue
        : (int)Math.Clamp((long)request.Page * request.PageSize, LeastKept, int.MaxValue);
    private readonly Func<T, ListValue>? _sort =
        request.Sort is { } path ? kind.Fields.GetValueOrDefault(path) : null;
    private readonly (ListFilter Filter, Func<T, ListValue>? Field)[] _filters =
        [.. request.Filters.Select(filter => (filter, kind.Fields.GetValueOrDefault(filter.Field)))];
    private readonly ListJson<T> _json = new(kind);
    private readonly bool _isReversed = request.IsReversed;
    private bool _isFull;

    /// <summary>All that were there.</summary>
    public int Total { get; private set; }

    /// <summary>Those of them that name and filters let through.</summary>
    public int Filtered { get; private set; }

    /// <exception cref="ListFaultException">A regular expression takes too long.</exception>
    public void Add(T item)
    {
        var number = Total++;
        if (request.Name is { } name && !name.Matches(kind.Name(item)))
            return;
        foreach (var (filter, field) in _filters)
        {
            if (!filter.Matches(field is null ? _json.Value(item, filter.Field) : field(item)))
                return;
        }
        Filtered++;
        var key = _sort is not null ? _sort(item) : request.Sort is { } path ? _json.Value(item, path) : default;
        var row = new Row(key, number, item);
        // Once so many are better than it, it will never be shown.
        if (_isFull && Compare(row, _rows[_wanted - 1]) > 0)
            return;
        _rows.Add(row);
        if (_rows.Count >= _wanted * 2L)
            Cut();
    }

    /// <summary>Those that are to be shown, in their order.</summary>
    /// <exception cref="ListFaultException">There is no such page.</exception>
    public IEnumerable<T> Shown()
    {
        _rows.Sort(Compare);
        if (request.Page == 0)
            return _rows.Select(static row => row.Item);
        var skipped = (request.Page - 1L) * request.PageSize;
        if (request.Page > 1 && skipped >= Filtered)
        {
            throw new ListFaultException(
                "page_out_of_range",
                $"Page out of range, page: {request.Page} page size: {request.PageSize}, len: {Filtered}");
        }
        return _rows.Skip((int)skipped).Take(request.PageSize).Select(static row => row.Item);
    }

    private void Cut()
    {
        _rows.Sort(Compare);
        CollectionsMarshal.SetCount(_rows, _wanted);
        _isFull = true;
    }

    // What is equal keeps its order in a reversed list: mostly that is what comes late and is of no use.
    private int Compare(Row a, Row b)
    {
        var order = a.Key.CompareTo(b.Key);
        if (order != 0)
            return _isReversed ? -order : order;
        if (kind.Order is not null)
            order = kind.Order(a.Item, b.Item);
        if (order == 0)
            order = a.Number.CompareTo(b.Number);
        return _isReversed && request.Sort is null ? -order : order;
    }

    private readonly record struct Row(ListValue Key, int Number, T Item);
}
