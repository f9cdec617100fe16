namespace Levada.Management.Api;

/// <summary>The runtime's heap, in bytes, and how often each generation was collected.</summary>
internal sealed record CollectorReply(
    long HeapSize, long Fragmented, long Committed, long TotalAllocated, int Gen0Collections, int Gen1Collections,
    int Gen2Collections, double PauseTimePercentage);
