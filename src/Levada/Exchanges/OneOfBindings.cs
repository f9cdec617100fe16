using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>The bindings of an exchange that sends each message to one of them, whatever their keys.</summary>
internal abstract class OneOfBindings : BindingTable
{
    private readonly BindingSet _all;

    // Made by whoever routes first; whoever is as early makes the same.
    private Binding[]? _list;

    protected OneOfBindings(BindingSet all) => _all = all;

    public override int Count => _all.Count;

    /// <summary>One message goes to one destination, however many keys its publisher added in CC and BCC.</summary>
    public override bool HeedsCopies => false;

    public override Binding? Find(Binding same) => _all.Find(same);

    public override BindingTable With(Binding binding) => Over(_all.With(binding));

    public override BindingTable Without(Binding same) => Over(_all.Without(same));

    public override void Route(
        ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        if (!_all.IsEmpty)
            result.Add(Choose(_list ??= Sorted(), routingKey, properties, result));
    }

    public override void CopyTo(List<Binding> bindings) => CopyTo(_all, bindings);

    protected abstract BindingTable Over(BindingSet all);

    /// <param name="bindings">At least one; in the order of <see cref="Binding.CompareDestinations"/>.</param>
    /// <param name="routingKey">The message's.</param>
    /// <param name="properties">The message's.</param>
    /// <param name="result">To be told if the choice does not hang on the routing key alone.</param>
    protected abstract Binding Choose(
        Binding[] bindings, ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result);

    private Binding[] Sorted()
    {
        var list = new List<Binding>(_all.Count);
        CopyTo(list);
        list.Sort(Binding.CompareDestinations);
        return [.. list];
    }
}
