namespace Levada.Queues;

/// <summary>What a queue at its limit does with one message more (x-overflow).</summary>
public enum Overflow
{
    /// <summary>The oldest goes.</summary>
    DropHead,

    /// <summary>The new one is refused; who asked for confirms gets basic.nack.</summary>
    RejectPublish,

    /// <summary>The same, and the new one is dead-lettered.</summary>
    RejectPublishDlx,
}
