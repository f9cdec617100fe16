namespace Levada.Tests.Soak;

/// <summary>What is known of one message in one queue.</summary>
[Flags]
internal enum Fate : byte
{
    None = 0,

    /// <summary>The broker confirmed the publish: it must not be lost any more.</summary>
    Confirmed = 1,

    /// <summary>It was delivered without the redelivered mark.</summary>
    Fresh = 2,

    /// <summary>It was delivered.</summary>
    Seen = 4,

    /// <summary>An acknowledgement was sent; whether the broker got it is not known.</summary>
    AckSent = 8,

    /// <summary>The broker answered a request behind the acknowledgement: it has got it.</summary>
    Settled = 16,

    /// <summary>Settled, but the broker was killed before that had to be on disk.</summary>
    MayReturn = 32,
}
