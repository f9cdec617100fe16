namespace Levada.Exchanges;

/// <summary>
/// The bindings that one place of a table leads to, each once. Immutable. Few are an array, walked fast and small in a
/// table of a million; many are a map, so that one more costs O(log n).
/// </summary>
internal readonly struct BindingSet
{
    private const int Few = 8;

    private readonly Binding[]? _few;
    private readonly ByteMap<Binding>? _many;

    private BindingSet(Binding[]? few, ByteMap<Binding>? many)
    {
        _few = few;
        _many = many;
    }

    public int Count => _many?.Count ?? _few?.Length ?? 0;

    public bool IsEmpty => _few is null && _many is null;

    /// <summary>The binding here that is the same as the one given.</summary>
    public Binding? Find(Binding same)
    {
        if (_many is not null)
            return _many.TryGet(same.Identity(), out var found) ? found : null;
        foreach (var binding in _few ?? [])
        {
            if (binding.IsSameAs(same))
                return binding;
        }

        return null;
    }

    /// <summary>This set and the binding, which must not be in it.</summary>
    public BindingSet With(Binding binding)
    {
        if (_many is not null)
            return new BindingSet(null, _many.Set(binding.Identity(), binding));
        var few = _few ?? [];
        if (few.Length < Few)
            return new BindingSet([.. few, binding], null);
        var many = ByteMap<Binding>.Empty;
        foreach (var one in few)
            many = many.Set(one.Identity(), one);
        return new BindingSet(null, many.Set(binding.Identity(), binding));
    }

    public BindingSet Without(Binding same)
    {
        if (_many is not null)
        {
            var fewer = _many.Remove(same.Identity());
            return fewer.Count > Few / 2 ? new BindingSet(null, fewer) : FromList(fewer.Values());
        }

        return FromList([.. (_few ?? []).Where(binding => !binding.IsSameAs(same))]);
    }

    public Enumerator GetEnumerator() => new(_few, _many);

    private static BindingSet FromList(List<Binding> bindings) =>
        bindings.Count == 0 ? default : new BindingSet([.. bindings], null);

    internal ref struct Enumerator
    {
        private readonly ReadOnlySpan<Binding> _few;
        private readonly bool _isMany;
        private ByteMapEnumerator<Binding> _many;
        private int _at;

        public Enumerator(Binding[]? few, ByteMap<Binding>? many)
        {
            _few = few;
            _at = -1;
            if (many is null)
                return;
            _isMany = true;
            _many = many.GetEnumerator();
        }

        public readonly Binding Current => _isMany ? _many.Current.Value : _few[_at];

        public bool MoveNext() => _isMany ? _many.MoveNext() : ++_at < _few.Length;
    }
}
