using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>An x-random or x-local-random exchange's bindings: each message goes to any one of them.</summary>
internal sealed class RandomBindings : OneOfBindings
{
    public static readonly RandomBindings Empty = new(default);

    private RandomBindings(BindingSet all)
        : base(all)
    {
    }

    protected override BindingTable Over(BindingSet all) => new RandomBindings(all);

    protected override Binding Choose(
        Binding[] bindings, ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        result.IsRepeatable = false;
        return bindings[Random.Shared.Next(bindings.Length)];
    }
}
