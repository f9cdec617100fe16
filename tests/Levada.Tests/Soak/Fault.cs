namespace Levada.Tests.Soak;

/// <summary>What goes wrong with a connection on its way.</summary>
internal enum Fault
{
    None,

    /// <summary>It ends in order for TCP, in the middle of a frame for AMQP.</summary>
    Cut,

    /// <summary>It is reset.</summary>
    Reset,

    /// <summary>Nothing passes for a while, now and then.</summary>
    Stall,

    /// <summary>Nothing passes any more, and neither side is told.</summary>
    HalfOpen,

    /// <summary>It passes in small pieces, with delays.</summary>
    Slow,
}
