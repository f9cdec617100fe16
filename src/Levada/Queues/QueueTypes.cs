namespace Levada.Queues;

/// <summary>The names of <see cref="QueueType"/> as clients and definitions have them.</summary>
public static class QueueTypes
{
    public static string Name(this QueueType type) => type == QueueType.Quorum ? "quorum" : "classic";

    /// <summary>Null for a type that is not known, or not there: streams.</summary>
    public static QueueType? Find(string? name) => name switch
    {
        "classic" => QueueType.Classic,
        "quorum" => QueueType.Quorum,
        _ => null,
    };
}
