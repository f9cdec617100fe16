namespace Levada.Exchanges;

/// <summary>A place in the trie of topic patterns: the words up to it lead here from the root. Immutable.</summary>
internal sealed class TopicNode
{
    public static readonly TopicNode Empty = new();

    private static readonly TopicNode EmptyMultiple = new() { IsMultiple = true };

    private TopicNode()
    {
    }

    /// <summary>Where a given word leads.</summary>
    public ByteMap<TopicNode> Words { get; private init; } = ByteMap<TopicNode>.Empty;

    /// <summary>Where <c>*</c> leads.</summary>
    public TopicNode? Single { get; private init; }

    /// <summary>Where <c>#</c> leads.</summary>
    public TopicNode? Multiple { get; private init; }

    /// <summary>The last word of the way here is <c>#</c>, so any further words lead here too.</summary>
    public bool IsMultiple { get; private init; }

    /// <summary>The bindings whose pattern ends here.</summary>
    public BindingSet Bindings { get; private init; }

    private bool IsEmpty => Bindings.IsEmpty && Words.Count == 0 && Single is null && Multiple is null;

    public Binding? Find(TopicWords pattern, Binding same)
    {
        var node = this;
        while (pattern.TryTake(out var word))
        {
            if (node.Child(word) is not { } child)
                return null;
            node = child;
        }

        return node.Bindings.Find(same);
    }

    public TopicNode With(TopicWords pattern, Binding binding)
    {
        if (!pattern.TryTake(out var word))
            return Copy(Bindings.With(binding));
        var child = Child(word) ?? (IsMultipleWord(word) ? EmptyMultiple : Empty);
        return Copy(word, child.With(pattern, binding));
    }

    /// <summary>This node without the binding; null if nothing is left of it.</summary>
    public TopicNode? Without(TopicWords pattern, Binding same)
    {
        var rest = pattern.TryTake(out var word)
            ? Child(word) is { } child ? Copy(word, child.Without(pattern, same)) : this
            : Copy(Bindings.Without(same));
        return rest.IsEmpty ? null : rest;
    }

    public void CopyTo(List<Binding> bindings)
    {
        foreach (var binding in Bindings)
            bindings.Add(binding);
        foreach (ref readonly var entry in Words)
            entry.Value.CopyTo(bindings);
        Single?.CopyTo(bindings);
        Multiple?.CopyTo(bindings);
    }

    private static bool IsSingleWord(ReadOnlySpan<byte> word) => word is [(byte)'*'];

    private static bool IsMultipleWord(ReadOnlySpan<byte> word) => word is [(byte)'#'];

    private TopicNode? Child(ReadOnlySpan<byte> word)
    {
        if (IsSingleWord(word))
            return Single;
        if (IsMultipleWord(word))
            return Multiple;
        return Words.TryGet(word, out var child) ? child : null;
    }

    private TopicNode Copy(BindingSet bindings) => new()
    {
        Words = Words,
        Single = Single,
        Multiple = Multiple,
        IsMultiple = IsMultiple,
        Bindings = bindings,
    };

    private TopicNode Copy(ReadOnlySpan<byte> word, TopicNode? child)
    {
        var single = IsSingleWord(word);
        var multiple = IsMultipleWord(word);
        var words = Words;
        if (!single && !multiple)
            words = child is null ? Words.Remove(word) : Words.Set(word.ToArray(), child);
        return new TopicNode
        {
            Words = words,
            Single = single ? child : Single,
            Multiple = multiple ? child : Multiple,
            IsMultiple = IsMultiple,
            Bindings = Bindings,
        };
    }
}
