using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>A direct exchange's bindings: a set for each key.</summary>
internal sealed class DirectBindings : BindingTable
{
    public static readonly DirectBindings Empty = new(ByteMap<BindingSet>.Empty, 0);

    private readonly ByteMap<BindingSet> _byKey;

    private DirectBindings(ByteMap<BindingSet> byKey, int count)
    {
        _byKey = byKey;
        Count = count;
    }

    public override int Count { get; }

    public override Binding? Find(Binding same) => SetFor(same).Find(same);

    public override BindingTable With(Binding binding) =>
        new DirectBindings(_byKey.Set(binding.RoutingKeyUtf8, SetFor(binding).With(binding)), Count + 1);

    public override BindingTable Without(Binding same)
    {
        var set = SetFor(same).Without(same);
        var byKey = set.IsEmpty ? _byKey.Remove(same.RoutingKeyUtf8) : _byKey.Set(same.RoutingKeyUtf8, set);
        return new DirectBindings(byKey, Count - 1);
    }

    public override void Route(
        ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        if (_byKey.TryGet(routingKey, out var set))
            result.Add(set);
    }

    public override void CopyTo(List<Binding> bindings)
    {
        foreach (ref readonly var entry in _byKey)
            CopyTo(entry.Value, bindings);
    }

    private BindingSet SetFor(Binding binding) =>
        _byKey.TryGet(binding.RoutingKeyUtf8, out var set) ? set : default;
}
