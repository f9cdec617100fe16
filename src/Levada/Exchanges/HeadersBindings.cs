using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>A headers exchange's bindings: each is compared with each message.</summary>
internal sealed class HeadersBindings : BindingTable
{
    public static readonly HeadersBindings Empty = new(default);

    private readonly BindingSet _all;

    private HeadersBindings(BindingSet all) => _all = all;

    public override int Count => _all.Count;

    public override Binding? Find(Binding same) => _all.Find(same);

    public override BindingTable With(Binding binding) => new HeadersBindings(_all.With(binding));

    public override BindingTable Without(Binding same) => new HeadersBindings(_all.Without(same));

    public override void Route(
        ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        result.IsRepeatable = false;
        var headers = properties.HeadersBytes;
        foreach (var binding in _all)
        {
            if (binding.Headers!.Matches(headers))
                result.Add(binding);
        }
    }

    public override void CopyTo(List<Binding> bindings) => CopyTo(_all, bindings);
}
