using Levada.Queues;

namespace Levada.Catalog;

/// <summary>What a start found in the catalog's log.</summary>
/// <param name="IsNew">There was none: the defaults were made.</param>
/// <param name="Records">Whole records read.</param>
/// <param name="TornOctets">Cut from the end: a group that was never finished and never acknowledged.</param>
/// <param name="Damage">A text for each thing lost. Not empty: a queue with messages may be among what is lost.</param>
/// <param name="Queues">The durable queues.</param>
/// <param name="QueueIdCounter">Ids of this and above have never been given out.</param>
public sealed record CatalogReport(
    bool IsNew, int Records, long TornOctets, IReadOnlyList<string> Damage, IReadOnlyList<Queue> Queues,
    ulong QueueIdCounter);
