using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>
/// The bindings that start at one exchange, arranged for its type. Immutable: a change gives a new table that shares
/// almost all with the old one, O(log n). Routing reads it from any thread and allocates nothing.
/// </summary>
internal abstract class BindingTable
{
    public abstract int Count { get; }

    /// <param name="type">The exchange's.</param>
    /// <param name="arguments">The exchange's, checked.</param>
    /// <param name="hashAlgorithm">Of an x-consistent-hash exchange that names none.</param>
    public static BindingTable EmptyFor(ExchangeType type, FieldTable arguments, HashAlgorithm hashAlgorithm)
    {
        switch (type)
        {
            case ExchangeType.Direct:
                return DirectBindings.Empty;
            case ExchangeType.Fanout:
                return FanoutBindings.Empty;
            case ExchangeType.Topic:
                return TopicBindings.Empty;
            case ExchangeType.RecentHistory:
                return FanoutBindings.EmptyWithHistory;
            case ExchangeType.Random or ExchangeType.LocalRandom:
                return RandomBindings.Empty;
            case ExchangeType.ModulusHash:
                return ModulusHashBindings.Empty;
            case ExchangeType.ConsistentHash:
                if (arguments.TryGet(HashAlgorithms.Argument, out var name))
                    hashAlgorithm = HashAlgorithms.Find(name.AsString) ?? hashAlgorithm;
                return new ConsistentHashBindings(new HashSource(arguments), hashAlgorithm);
            default:
                return HeadersBindings.Empty;
        }
    }

    /// <summary>The binding here that is the same as the one given.</summary>
    public abstract Binding? Find(Binding same);

    /// <summary>This table and the binding, which must not be in it.</summary>
    public abstract BindingTable With(Binding binding);

    /// <summary>This table without the binding, which must be in it.</summary>
    public abstract BindingTable Without(Binding same);

    /// <summary>Whether the further keys in a message's CC and BCC headers are routed as well.</summary>
    public virtual bool HeedsCopies => true;

    /// <summary>Adds the destinations of a message with this key and these properties.</summary>
    public abstract void Route(
        ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result);

    /// <summary>For listings.</summary>
    public abstract void CopyTo(List<Binding> bindings);

    protected static void CopyTo(BindingSet set, List<Binding> bindings)
    {
        foreach (var binding in set)
            bindings.Add(binding);
    }
}
