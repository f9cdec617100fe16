namespace Levada.Amqp;

/// <summary>What a client's mistake closes.</summary>
public enum ErrorScope
{
    /// <summary>A soft error: the channel it was made on; the connection and its other channels go on.</summary>
    Channel,

    /// <summary>A hard error: the whole connection.</summary>
    Connection,
}
