using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>
/// An x-consistent-hash exchange's bindings: their keys are weights, and a hash of the message chooses one.
/// </summary>
internal sealed class ConsistentHashBindings : OneOfBindings
{
    private readonly HashSource _source;
    private readonly HashAlgorithm _algorithm;

    // Made by whoever routes first; whoever is as early makes the same.
    private HashShares? _shares;

    public ConsistentHashBindings(HashSource source, HashAlgorithm algorithm, BindingSet all = default)
        : base(all)
    {
        _source = source;
        _algorithm = algorithm;
    }

    protected override BindingTable Over(BindingSet all) => new ConsistentHashBindings(_source, _algorithm, all);

    protected override Binding Choose(
        Binding[] bindings, ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        if (!_source.IsRoutingKey)
            result.IsRepeatable = false;
        _shares ??= HashShares.Of(_algorithm, bindings);
        return _shares.Choose(_source.HashOf(routingKey, properties));
    }
}
