using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Has the exchanges that a message was just routed by, on this shard's turn, remember it. Returns the queues again:
/// there may be more by now.
/// </summary>
/// <param name="message">The stored layout.</param>
/// <param name="body">The file that its body is, if it is one.</param>
internal delegate ReadOnlySpan<Queue> RememberDeadLetter(ReadOnlySpan<byte> message, BodyFile? body);
