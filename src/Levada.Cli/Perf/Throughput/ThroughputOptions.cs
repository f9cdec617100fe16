using Levada.Cli.Perf.Client;
using Levada.Protocol;

namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// What <c>levada perf throughput</c> was asked to do; 0 is off or unlimited where nothing else is said.
/// </summary>
internal sealed record ThroughputOptions(AmqpUri Uri)
{
    public int Publishers { get; init; } = 1;

    public int Consumers { get; init; } = 1;

    /// <summary>Octets of a body.</summary>
    public int Size { get; init; } = 16;

    public bool Verify { get; init; }

    /// <summary>Acknowledge after so many messages; 0 consumes without acknowledgements.</summary>
    public int Ack { get; init; }

    /// <summary>Publishes a publisher may have unconfirmed.</summary>
    public int Confirm { get; init; }

    /// <summary>Publishes to a transaction.</summary>
    public int PublishTransaction { get; init; }

    /// <summary>Acknowledged messages to a transaction.</summary>
    public int AckTransaction { get; init; }

    /// <summary>Empty: each consumer gets a queue that the server names.</summary>
    public string Queue { get; init; } = "perf-test";

    public string RoutingKey { get; init; } = "perf-test";

    public string Exchange { get; init; } = "";

    /// <summary>Messages a second and publisher.</summary>
    public double Rate { get; init; }

    /// <summary>Messages a second and consumer.</summary>
    public double ConsumeRate { get; init; }

    /// <summary>Null leaves the broker's default.</summary>
    public ushort? Prefetch { get; init; }

    /// <summary>Fetch with basic.get instead of consuming.</summary>
    public bool Poll { get; init; }

    public bool Json { get; init; }

    public TimeSpan Time { get; init; }

    public bool Quiet { get; init; }

    /// <summary>Messages all publishers together send.</summary>
    public long PublishCount { get; init; }

    /// <summary>Messages all consumers together take.</summary>
    public long ConsumeCount { get; init; }

    public bool MeasureLatency { get; init; }

    public FieldTable QueueArguments { get; init; } = FieldTable.Empty;

    public FieldTable ConsumerArguments { get; init; } = FieldTable.Empty;

    /// <summary>With the delivery mode, if --persistent.</summary>
    public BasicProperties Properties { get; init; } = new();

    public bool RandomBodies { get; init; }

    /// <summary>A queue name with a place for a number; publishers go round all of them.</summary>
    public string? QueuePattern { get; init; }

    public int QueuePatternFrom { get; init; } = 1;

    public int QueuePatternTo { get; init; } = 1;

    /// <summary>The queues of this run.</summary>
    public IReadOnlyList<string> Queues => QueuePattern is null
        ? [Queue]
        : [.. Enumerable.Range(QueuePatternFrom, QueuePatternTo - QueuePatternFrom + 1).Select(NameOf)];

    /// <summary>What makes no sense together, in words; null when all is well.</summary>
    public string? Contradiction =>
        MeasureLatency && Size < 8 ? "--measure-latency needs messages of at least 8 bytes for the time of sending"
        : Verify && RandomBodies ? "--verify cannot know random bodies"
        : Ack > 0 && Prefetch is { } prefetch && prefetch > 0 && Ack > prefetch
            ? $"--ack {Ack} is never reached: the broker stops at --prefetch {prefetch}"
        : Confirm > 0 && PublishTransaction > 0 ? "a channel is confirming or transactional, not both (-c and -t)"
        : AckTransaction > 0 && Ack == 0 ? "--ack-transaction has nothing to commit without --ack"
        : QueuePattern is not null && !QueuePattern.Contains('%', StringComparison.Ordinal)
            ? "--queue-pattern needs a % where the number goes"
        : QueuePatternFrom > QueuePatternTo ? "--queue-pattern-from is beyond --queue-pattern-to"
        : null;

    // PerfTest's %d is understood too.
    private string NameOf(int number)
    {
        var text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return QueuePattern!.Contains("%d", StringComparison.Ordinal)
            ? QueuePattern.Replace("%d", text, StringComparison.Ordinal)
            : QueuePattern.Replace("%", text, StringComparison.Ordinal);
    }
}
