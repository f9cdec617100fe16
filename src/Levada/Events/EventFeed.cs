namespace Levada.Events;

/// <summary>
/// Tells whoever listens at the moment what happens: the same events as on <see cref="EventExchange"/>. Nobody waits
/// for a listener. While there is none, it costs a look at a field. Any thread.
/// </summary>
public sealed class EventFeed
{
    private readonly Lock _lock = new();

    // Replaced under the lock, a leaf; read by all.
    private volatile EventListener[] _listeners = [];

    public bool HasListeners => _listeners.Length > 0;

    /// <summary>Hears of all that happens from here on, until it is disposed of.</summary>
    public EventListener Listen()
    {
        var listener = new EventListener(Remove);
        lock (_lock)
            _listeners = [.. _listeners, listener];
        return listener;
    }

    internal void Publish(BrokerEvent happened)
    {
        foreach (var listener in _listeners)
            listener.Hear(happened);
    }

    private void Remove(EventListener listener)
    {
        lock (_lock)
            _listeners = [.. _listeners.Where(l => l != listener)];
    }
}
