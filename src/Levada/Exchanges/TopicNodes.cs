namespace Levada.Exchanges;

/// <summary>
/// The nodes of a topic trie that a message's words so far can have led to, each once. Scratch of one
/// <see cref="RouteResult"/>, on its thread; grows to what was needed and is used again.
/// A plain node has one parent and one word that leads to it, so no step finds it twice. A node for <c>#</c> is found
/// by staying and again by its parent: only these are compared.
/// </summary>
internal sealed class TopicNodes
{
    private const int ComparedOneByOne = 8;

    private readonly HashSet<TopicNode> _multiples = new(ReferenceEqualityComparer.Instance);
    private TopicNode[] _now = new TopicNode[16];
    private TopicNode[] _next = new TopicNode[16];
    private int _count;
    private int _nextCount;
    private int _nextMultiples;
    private int _reached;

    public ReadOnlySpan<TopicNode> Now => _now.AsSpan(0, _count);

    public void Start(TopicNode root)
    {
        Begin();
        Add(root);
        End();
    }

    /// <summary>Lets go of the nodes, so that an exchange that is gone can be collected.</summary>
    public void Clear()
    {
        _now.AsSpan(0, Math.Min(_reached, _now.Length)).Clear();
        _next.AsSpan(0, Math.Min(_reached, _next.Length)).Clear();
        _reached = 0;
        _count = 0;
    }

    /// <summary>One word further.</summary>
    public void Advance(ReadOnlySpan<byte> word)
    {
        var hash = ByteHash.Of(word);
        Begin();
        // Those that stay come first, so that a comparison looks at the front of the array only.
        foreach (var node in Now)
        {
            if (node.IsMultiple)
                AddMultiple(node);
        }

        foreach (var node in Now)
        {
            if (node.Words.TryGet(word, hash, out var child))
                Add(child);
            if (node.Single is { } single)
                Add(single);
        }

        End();
    }

    private void Begin()
    {
        _nextCount = 0;
        _nextMultiples = 0;
        if (_multiples.Count > 0)
            _multiples.Clear();
    }

    private void End()
    {
        (_now, _next) = (_next, _now);
        _count = _nextCount;
        _reached = Math.Max(_reached, _count);
    }

    private void Add(TopicNode node)
    {
        Append(node);
        for (var multiple = node.Multiple; multiple is not null; multiple = multiple.Multiple)
        {
            if (!IsKnown(multiple))
                AddMultiple(multiple);
        }
    }

    private void AddMultiple(TopicNode node)
    {
        // The front of the array is for the nodes of '#': the plain node that is there moves to the end.
        Append(node);
        (_next[_nextMultiples], _next[_nextCount - 1]) = (_next[_nextCount - 1], _next[_nextMultiples]);
        _nextMultiples++;
        if (_nextMultiples < ComparedOneByOne)
            return;
        if (_nextMultiples > ComparedOneByOne)
        {
            _multiples.Add(node);
            return;
        }

        foreach (var multiple in _next.AsSpan(0, _nextMultiples))
            _multiples.Add(multiple);
    }

    private bool IsKnown(TopicNode multiple) =>
        _nextMultiples < ComparedOneByOne
            ? _next.AsSpan(0, _nextMultiples).Contains(multiple)
            : _multiples.Contains(multiple);

    private void Append(TopicNode node)
    {
        if (_nextCount == _next.Length)
            Array.Resize(ref _next, _next.Length * 2);
        _next[_nextCount++] = node;
    }
}
