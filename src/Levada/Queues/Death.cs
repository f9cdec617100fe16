namespace Levada.Queues;

/// <summary>One death of a message, for its headers.</summary>
internal readonly ref struct Death
{
    public required ReadOnlySpan<byte> Queue { get; init; }

    public required DeathReason Reason { get; init; }

    /// <summary>In milliseconds since 1970.</summary>
    public required long TimeMs { get; init; }

    /// <summary>Where the message was published.</summary>
    public required ReadOnlySpan<byte> Exchange { get; init; }

    public required ReadOnlySpan<byte> RoutingKey { get; init; }

    /// <summary>Its expiration property; empty if it has none.</summary>
    public required ReadOnlySpan<byte> Expiration { get; init; }

    /// <summary>The entries of its headers table.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>What the headers say of deaths was written by the broker, not by a client.</summary>
    public required bool HasDeaths { get; init; }

    /// <summary>It gets another routing key, in the place of all that it had.</summary>
    public required bool LosesCopies { get; init; }
}
