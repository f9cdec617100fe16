using Levada.Protocol;

namespace Levada.Queues;

/// <summary>
/// What a queue does with its messages by itself, as it counts now. Never changes: another one takes its place, as a
/// whole and on the queue's turn.
/// </summary>
public sealed record QueueSettings
{
    /// <summary>A queue that keeps everything until a client takes it.</summary>
    public static QueueSettings None { get; } = new();

    /// <summary>x-message-ttl: how long a message may wait, in ms; null is for ever, 0 not at all.</summary>
    public long? MessageTtlMs { get; init; }

    /// <summary>x-expires: how long the queue may stay unused before it is deleted, in ms; null is for ever.</summary>
    public long? ExpiresMs { get; init; }

    /// <summary>The settings that a queue's arguments ask for; they are checked already.</summary>
    public static QueueSettings Of(FieldTable arguments)
    {
        if (arguments.Count == 0)
            return None;
        return new QueueSettings
        {
            MessageTtlMs = Number(arguments, "x-message-ttl"),
            ExpiresMs = Number(arguments, "x-expires"),
        };
    }

    private static long? Number(FieldTable arguments, string name) =>
        arguments.TryGet(name, out var value) && value.TryGetInteger(out var number) ? number : null;
}
