using Levada.Storage;

namespace Levada.Amqp;

/// <summary>A body that is sent from its file; the outbox holds the file meanwhile.</summary>
/// <param name="File">The file.</param>
/// <param name="FrameMax">The largest frame that the client takes, in bytes.</param>
/// <param name="IsLoose">
/// A return or a direct reply: no queue has the message, so that only the outbox's bound limits how many there are.
/// </param>
/// <param name="OfChannel">Where its frames are counted, under the outbox lock.</param>
internal readonly record struct OutboxBody(BodyFile File, int FrameMax, bool IsLoose, MessageCounters OfChannel);
