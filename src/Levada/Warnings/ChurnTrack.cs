using Levada.Amqp;

namespace Levada.Warnings;

/// <summary>What the last look has seen of one user, client product or connection name.</summary>
internal sealed class ChurnTrack
{
    public Churn Total { get; set; }

    /// <summary>Of each kind of churn: since when it is too much; -1 if it is not.</summary>
    public long[] SinceMs { get; } = [-1, -1, -1, -1];

    /// <summary>The last look that found it.</summary>
    public long Look { get; set; }
}
