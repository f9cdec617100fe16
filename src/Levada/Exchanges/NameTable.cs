using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// The names in one virtual host, as messages see them. Read from any thread; replaced, reference by reference, by the
/// catalog alone, in the order of its changes and only once a change is durable.
/// </summary>
internal sealed class NameTable
{
    private volatile ByteMap<Queue> _queues = ByteMap<Queue>.Empty;
    private volatile ByteMap<Exchange> _exchanges = ByteMap<Exchange>.Empty;

    public ByteMap<Queue> Queues
    {
        get => _queues;
        set => _queues = value;
    }

    public ByteMap<Exchange> Exchanges
    {
        get => _exchanges;
        set => _exchanges = value;
    }

    public Queue? FindQueue(ReadOnlySpan<byte> name) => _queues.TryGet(name, out var queue) ? queue : null;

    public Exchange? FindExchange(ReadOnlySpan<byte> name) =>
        _exchanges.TryGet(name, out var exchange) ? exchange : null;
}
