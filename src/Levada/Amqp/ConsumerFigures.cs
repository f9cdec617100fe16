namespace Levada.Amqp;

/// <summary>A consumer of a channel, for who looks at many and shows few.</summary>
public readonly struct ConsumerFigures
{
    private readonly Queues.Consumer _consumer;

    internal ConsumerFigures(Connection connection, ushort channel, Queues.Consumer consumer) =>
        (Connection, Channel, _consumer) = (connection, channel, consumer);

    public Connection Connection { get; }

    /// <summary>The number of its channel.</summary>
    public ushort Channel { get; }

    public string Tag => _consumer.Tag;

    public bool IsOf(Queues.Queue queue) => _consumer.Queue == queue;

    public string Queue => _consumer.Queue.Name;

    public bool NoAck => _consumer.NoAck;

    public bool Exclusive => _consumer.Exclusive;

    public int Prefetch => _consumer.Prefetch;

    public int Priority => _consumer.Priority;

    /// <summary>All that there is to tell.</summary>
    public ConsumerSnapshot Snapshot() => ConsumerSnapshot.Of(_consumer);
}
