namespace Levada.Warnings;

/// <summary>What earlier looks have seen of a connection with many channels, or of a blocked one.</summary>
internal sealed class ConnectionTrack(long leakMs)
{
    public Growth Channels { get; } = new(leakMs, mustDouble: false);

    /// <summary>Since when it is blocked and consumes; 0 if not.</summary>
    public long BlockedSinceMs { get; set; }

    /// <summary>The last look that saw a reason to keep it.</summary>
    public long Look { get; set; }
}
