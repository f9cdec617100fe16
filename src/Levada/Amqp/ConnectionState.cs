namespace Levada.Amqp;

/// <summary>Where a connection is in its life (spec 2.2.4).</summary>
public enum ConnectionState
{
    AwaitingHeader,
    Starting,
    Tuning,
    Opening,
    Running,

    /// <summary>connection.close is sent or received; only close and close-ok are still read.</summary>
    Closing,
    Closed,
}
