namespace Levada;

/// <summary>What came and went since the start.</summary>
public sealed record ChurnTotals
{
    public long ConnectionsOpened { get; init; }

    public long ConnectionsClosed { get; init; }

    /// <summary>Sockets accepted that never became an open connection.</summary>
    public long HandshakesFailed { get; init; }

    public long ChannelsOpened { get; init; }

    public long ChannelsClosed { get; init; }

    /// <summary>queue.declare answered, of new and existing queues.</summary>
    public long QueuesDeclared { get; init; }

    public long QueuesCreated { get; init; }

    public long QueuesDeleted { get; init; }

    /// <summary>Of connections and channels, over the last five to ten seconds.</summary>
    public Amqp.ChurnRates Rates { get; init; }
}
