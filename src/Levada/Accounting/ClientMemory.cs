namespace Levada.Accounting;

/// <summary>Memory of connections and all that hangs on them, added up one connection's turn after another.</summary>
internal sealed class ClientMemory
{
    /// <summary>Buffers for what came: read, parked, contents not finished.</summary>
    public long Readers { get; set; }

    /// <summary>Buffers of what waits to be sent.</summary>
    public long Writers { get; set; }

    /// <summary>Channels, their unsettled deliveries and their open transactions.</summary>
    public long Channels { get; set; }

    public long Consumers { get; set; }

    /// <summary>Publishes on their way to the queues.</summary>
    public long Posted { get; set; }

    /// <summary>The connections themselves, with their sockets.</summary>
    public long Other { get; set; }

    /// <summary>Of the readers, what lies in arrays so large that they have a heap of their own.</summary>
    public long LargeReaders { get; set; }

    public long LargeWriters { get; set; }

    public long LargeChannels { get; set; }
}
