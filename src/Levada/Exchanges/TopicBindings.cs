using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>
/// A topic exchange's bindings: a trie by the words of their patterns. A message's words are read once, left to right,
/// with the set of nodes that the words so far can have led to: never more work than words times nodes reached, however
/// patterns with many <c>#</c> are nested. What it costs depends on what matches, not on how many bindings there are.
/// </summary>
internal sealed class TopicBindings : BindingTable
{
    public static readonly TopicBindings Empty = new(TopicNode.Empty, 0);

    private readonly TopicNode _root;

    private TopicBindings(TopicNode root, int count)
    {
        _root = root;
        Count = count;
    }

    public override int Count { get; }

    public override Binding? Find(Binding same) => _root.Find(new TopicWords(same.RoutingKeyUtf8), same);

    public override BindingTable With(Binding binding) =>
        new TopicBindings(_root.With(new TopicWords(binding.RoutingKeyUtf8), binding), Count + 1);

    public override BindingTable Without(Binding same) =>
        new TopicBindings(_root.Without(new TopicWords(same.RoutingKeyUtf8), same) ?? TopicNode.Empty, Count - 1);

    public override void Route(
        ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        var reached = result.TopicNodes;
        reached.Start(_root);
        var words = new TopicWords(routingKey);
        while (words.TryTake(out var word))
            reached.Advance(word);
        foreach (var node in reached.Now)
        {
            if (!node.Bindings.IsEmpty)
                result.Add(node.Bindings);
        }
    }

    public override void CopyTo(List<Binding> bindings) => _root.CopyTo(bindings);
}
