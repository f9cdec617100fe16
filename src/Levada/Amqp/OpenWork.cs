namespace Levada.Amqp;

/// <summary>What connections have under way, summed: a node that is drained waits until there is nothing.</summary>
internal sealed class OpenWork
{
    public int Connections { get; set; }

    /// <summary>Deliveries that are not settled.</summary>
    public long Unacknowledged { get; set; }

    /// <summary>Publishes that are not answered or not committed.</summary>
    public long Unconfirmed { get; set; }

    /// <summary>Changes with whatever clients publish, get or settle.</summary>
    public long Activity { get; set; }
}
