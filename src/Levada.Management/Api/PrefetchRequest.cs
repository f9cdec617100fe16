namespace Levada.Management.Api;

/// <summary>How many unsettled deliveries a consumer or a channel may hold; 0 is unlimited. One of the three.</summary>
/// <param name="PrefetchCount">Of each consumer.</param>
/// <param name="Prefetch">The same, as LavinMQ names it.</param>
/// <param name="GlobalPrefetchCount">Of the channel as a whole.</param>
internal sealed record PrefetchRequest(ushort? PrefetchCount, ushort? Prefetch, ushort? GlobalPrefetchCount)
{
    public ushort? Count => PrefetchCount ?? Prefetch;

    public bool IsOne => (Count is null) != (GlobalPrefetchCount is null);
}
