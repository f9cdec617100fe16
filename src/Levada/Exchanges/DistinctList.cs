namespace Levada.Exchanges;

/// <summary>
/// Objects, each once, in the order they were found. For scratch on one thread: cleared and filled again it allocates
/// nothing once it has grown to what is needed. A few are compared one by one, more are hashed.
/// </summary>
internal sealed class DistinctList<T>
    where T : class
{
    private const int ComparedOneByOne = 16;

    private readonly HashSet<T> _known = new(ReferenceEqualityComparer.Instance);
    private T[] _items = new T[ComparedOneByOne];

    public int Count { get; private set; }

    public ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    public void Add(T item)
    {
        if (IsKnown(item))
            return;
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = item;
    }

    public void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
        if (_known.Count > 0)
            _known.Clear();
    }

    private bool IsKnown(T item)
    {
        if (Count < ComparedOneByOne)
            return Items.Contains(item);
        if (_known.Count == 0)
        {
            foreach (var known in Items)
                _known.Add(known);
        }

        return !_known.Add(item);
    }
}
