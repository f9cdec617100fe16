using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>A fanout or x-recent-history exchange's bindings: one set, whatever their keys.</summary>
internal sealed class FanoutBindings : BindingTable
{
    public static readonly FanoutBindings Empty = new(default, hasHistory: false);
    public static readonly FanoutBindings EmptyWithHistory = new(default, hasHistory: true);

    private readonly BindingSet _all;
    private readonly bool _hasHistory;

    private FanoutBindings(BindingSet all, bool hasHistory)
    {
        _all = all;
        _hasHistory = hasHistory;
    }

    public override int Count => _all.Count;

    public override Binding? Find(Binding same) => _all.Find(same);

    public override BindingTable With(Binding binding) => new FanoutBindings(_all.With(binding), _hasHistory);

    public override BindingTable Without(Binding same) => new FanoutBindings(_all.Without(same), _hasHistory);

    public override void Route(
        ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        result.Add(_all);
        if (_hasHistory)
            result.HasHistory = true;
    }

    public override void CopyTo(List<Binding> bindings) => CopyTo(_all, bindings);
}
