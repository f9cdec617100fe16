using Levada.Protocol;
using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// An x-modulus-hash exchange's bindings: the remainder of the routing key's hash by their number chooses one.
/// </summary>
internal sealed class ModulusHashBindings : OneOfBindings
{
    public static readonly ModulusHashBindings Empty = new(default);

    private ModulusHashBindings(BindingSet all)
        : base(all)
    {
    }

    protected override BindingTable Over(BindingSet all) => new ModulusHashBindings(all);

    protected override Binding Choose(
        Binding[] bindings, ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result) =>
        bindings[(int)(StableHash.Of(routingKey) % (uint)bindings.Length)];
}
