namespace Levada.Amqp;

/// <summary>What became of an operator's request.</summary>
public enum OperatorOutcome
{
    Done,

    /// <summary>It was so before; nothing was changed.</summary>
    AlreadySo,

    /// <summary>The connection, channel or consumer is not there, or is being closed.</summary>
    Gone,

    /// <summary>It would do harm; the detail says why.</summary>
    Refused,

    /// <summary>Not now, while an alarm blocks publishing; the detail says which.</summary>
    Blocked,

    /// <summary>What is asked for cannot be; the detail says why.</summary>
    Invalid,

    /// <summary>The asking user may not.</summary>
    Denied,

    /// <summary>A fault of the broker, which the log explains.</summary>
    Failed,
}
