namespace Levada.Offline;

/// <summary>The folder of one shard.</summary>
/// <param name="Number">Its number.</param>
/// <param name="IsClean">The last broker wrote its exact state before it ended.</param>
/// <param name="TornBytes">At the end of the journal, never acknowledged; the next start cuts them.</param>
/// <param name="JournalFiles">Those that are in use or kept for use.</param>
/// <param name="JournalBytes">Their size.</param>
/// <param name="SegmentFiles">Files with backlogs.</param>
/// <param name="SegmentBytes">Their size.</param>
public sealed record ShardContent(
    int Number, bool IsClean, long TornBytes, int JournalFiles, long JournalBytes, int SegmentFiles,
    long SegmentBytes);
