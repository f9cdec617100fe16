using Levada.History;

namespace Levada.Management.Api;

/// <summary>A figure's rate, by the second; with samples if they are asked for.</summary>
internal sealed record RateReply(double Rate)
{
    /// <summary>The latest first.</summary>
    public IReadOnlyList<SampleReply>? Samples { get; init; }

    /// <summary>Ours: when the oldest sample was taken, in milliseconds since 1970; before it they are 0.</summary>
    public long? SamplesSince { get; init; }

    /// <summary>By the second, over all samples.</summary>
    public double? AvgRate { get; init; }

    /// <summary>The mean of the samples.</summary>
    public double? Avg { get; init; }

    public static RateReply Of(long now, long before, TimeSpan over) => new(RateOf(now, before, over));

    /// <summary>The same as a number, for lists of very many; most of them rest.</summary>
    public static double RateOf(long now, long before, TimeSpan over) =>
        now == before ? 0 : Math.Round((now - before) / over.TotalSeconds, 2);
}

/// <summary>What a figure was, at a time in milliseconds since 1970.</summary>
internal sealed record SampleReply(long Sample, long Timestamp)
{
    public static SampleReply Of(Sample sample) => new(sample.Value, sample.TimestampMs);
}
