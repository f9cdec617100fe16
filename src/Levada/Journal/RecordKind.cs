namespace Levada.Journal;

/// <summary>What a record says. The numbers are on disk: never reuse one.</summary>
internal enum RecordKind : byte
{
    None = 0,

    /// <summary>u32 n, n times (u64 queue, u64 sequence), the message.</summary>
    Enqueue = 1,

    /// <summary>u32 n, n times (u64 queue, u64 first, u64 last, u64 bytes of bodies): these are done with.</summary>
    Settle = 2,

    /// <summary>u64 queue, u64 sequence, u32 count: the delivery attempts counted so far.</summary>
    Requeue = 3,

    /// <summary>u64 queue: deleted with all its messages.</summary>
    DropQueue = 4,

    /// <summary>From here to the commit all records count or none.</summary>
    BeginTransaction = 5,

    /// <summary>The records since the begin count.</summary>
    CommitTransaction = 6,

    /// <summary>
    /// u32 n, n times (u64 queue, u64 first, u64 last, u64 bytes of bodies): these came here from a queue of another
    /// shard and are done with there.
    /// </summary>
    Arrived = 7,
}
