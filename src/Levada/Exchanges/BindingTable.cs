namespace Levada.Exchanges;

/// <summary>
/// The bindings that start at one exchange, arranged for its type. Immutable: a change gives a new table that shares
/// almost all with the old one, O(log n). Routing reads it from any thread and allocates nothing.
/// </summary>
internal abstract class BindingTable
{
    public abstract int Count { get; }

    public static BindingTable EmptyFor(ExchangeType type) => type switch
    {
        ExchangeType.Direct => DirectBindings.Empty,
        ExchangeType.Fanout => FanoutBindings.Empty,
        ExchangeType.Topic => TopicBindings.Empty,
        _ => HeadersBindings.Empty,
    };

    /// <summary>The binding here that is the same as the one given.</summary>
    public abstract Binding? Find(Binding same);

    /// <summary>This table and the binding, which must not be in it.</summary>
    public abstract BindingTable With(Binding binding);

    /// <summary>This table without the binding, which must be in it.</summary>
    public abstract BindingTable Without(Binding same);

    /// <summary>
    /// Adds the destinations of a message with this key and these headers (a table's bytes, or none).
    /// </summary>
    public abstract void Route(ReadOnlySpan<byte> routingKey, ReadOnlySpan<byte> headers, RouteResult result);

    /// <summary>For listings.</summary>
    public abstract void CopyTo(List<Binding> bindings);

    protected static void CopyTo(BindingSet set, List<Binding> bindings)
    {
        foreach (var binding in set)
            bindings.Add(binding);
    }
}
