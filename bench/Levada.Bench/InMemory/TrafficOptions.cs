using Levada.Protocol;

namespace Levada.Bench.InMemory;

/// <summary>What <see cref="Traffic"/> is made of.</summary>
internal sealed record TrafficOptions
{
    /// <summary>Messages in one round.</summary>
    public int Messages { get; init; } = 100;

    /// <summary>How many of them the broker finds in one read of its socket; divides <see cref="Messages"/>.</summary>
    public int MessagesPerRead { get; init; } = 100;

    /// <summary>Bytes.</summary>
    public int BodySize { get; init; } = 16;

    /// <summary>Where it is published: the default exchange, or one of the predeclared ones.</summary>
    public string Exchange { get; init; } = "";

    /// <summary>
    /// The type to declare <see cref="Exchange"/> with; empty if it is there. Binding keys are 1, 2, and so on.
    /// </summary>
    public string ExchangeType { get; init; } = "";

    /// <summary>The arguments to declare it with.</summary>
    public FieldTable? ExchangeArguments { get; init; }

    /// <summary>
    /// Different routing keys in turn: from two on each message is routed anew. 0: no queue takes it.
    /// </summary>
    public int RoutingKeys { get; init; } = 1;

    /// <summary>Every second message goes to the default exchange.</summary>
    public bool Alternates { get; init; }

    /// <summary>Messages carry a headers table.</summary>
    public bool Headers { get; init; }

    /// <summary>The publisher's channel is in confirm mode.</summary>
    public bool Confirms { get; init; }

    /// <summary>Somebody consumes; else messages stay in the queue.</summary>
    public bool Consumer { get; init; } = true;

    /// <summary>Each delivery is acknowledged by itself; else the consumer has no-ack.</summary>
    public bool Acks { get; init; }

    /// <summary>Persistent messages on a durable queue.</summary>
    public bool Persistent { get; init; }
}
