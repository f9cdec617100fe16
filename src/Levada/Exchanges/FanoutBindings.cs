using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>A fanout exchange's bindings: one set, whatever their keys.</summary>
internal sealed class FanoutBindings : BindingTable
{
    public static readonly FanoutBindings Empty = new(default);

    private readonly BindingSet _all;

    private FanoutBindings(BindingSet all) => _all = all;

    public override int Count => _all.Count;

    public override Binding? Find(Binding same) => _all.Find(same);

    public override BindingTable With(Binding binding) => new FanoutBindings(_all.With(binding));

    public override BindingTable Without(Binding same) => new FanoutBindings(_all.Without(same));

    public override void Route(
        ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result) =>
        result.Add(_all);

    public override void CopyTo(List<Binding> bindings) => CopyTo(_all, bindings);
}
