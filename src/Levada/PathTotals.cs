namespace Levada;

/// <summary>Work below the messages since the start: what makes a message cheap or dear.</summary>
public sealed record PathTotals
{
    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    public long SocketReceives { get; init; }

    public long SocketSends { get; init; }

    /// <summary>Turns of all shards.</summary>
    public long Turns { get; init; }

    public long JournalSyncs { get; init; }

    public long JournalBytesWritten { get; init; }

    /// <summary>Blocks of messages read from disk for consumers.</summary>
    public long BlocksRead { get; init; }

    /// <summary>Bodies that are files of their own, now.</summary>
    public int BodyFiles { get; init; }

    /// <summary>What these hold, in bytes.</summary>
    public long BodyFileBytes { get; init; }
}
