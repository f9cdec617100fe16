namespace Levada.Offline;

/// <summary>What is in a data folder.</summary>
/// <param name="VHosts">Names.</param>
/// <param name="Queues">By virtual host and name; what exchanges hold back among them.</param>
/// <param name="Shards">Those that have a folder.</param>
/// <param name="Faults">What opening it found wrong; <see cref="DataFolder.VerifyAsync"/> looks closer.</param>
public sealed record DataContent(
    IReadOnlyList<string> VHosts, IReadOnlyList<QueueContent> Queues, IReadOnlyList<ShardContent> Shards,
    IReadOnlyList<DataFault> Faults);
