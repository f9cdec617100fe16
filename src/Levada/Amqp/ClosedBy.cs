namespace Levada.Amqp;

/// <summary>Who ended a connection or channel.</summary>
public enum ClosedBy
{
    /// <summary>With connection.close or channel.close.</summary>
    Client,

    /// <summary>For a mistake of the client, or for one of its own.</summary>
    Broker,

    /// <summary>On request, for a user or vhost that was deleted, or because the broker stops.</summary>
    Operator,

    /// <summary>The socket ended, or nothing came for too long.</summary>
    Lost,
}
