namespace Levada.Queues;

/// <summary>Where a dead message goes: the queues, none if nobody wants it. Called on the turn of its shard.</summary>
/// <param name="source">The queue it died in.</param>
/// <param name="exchange">The dead-letter exchange, by name; there need not be one.</param>
/// <param name="routingKey">The message's, or the one that the queue has for its dead.</param>
/// <param name="properties">Flags and list, checked.</param>
/// <param name="remember">What is to be called with the message; null if no exchange remembers it.</param>
internal delegate ReadOnlySpan<Queue> DeadLetterRoute(
    Queue source, ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey, ReadOnlySpan<byte> properties,
    out RememberDeadLetter? remember);
