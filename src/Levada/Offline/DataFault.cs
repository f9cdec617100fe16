using Levada.Storage;

namespace Levada.Offline;

/// <summary>Something in a data folder that is not as it should be.</summary>
/// <param name="What">File, place and reason.</param>
/// <param name="Messages">How many messages or records are lost by it; at least.</param>
public sealed record DataFault(string What, long Messages)
{
    /// <summary>The queue it is about, if that can be told.</summary>
    public string? Queue { get; init; }

    /// <summary>
    /// What a crash leaves: it was never acknowledged to anybody, so nothing is lost, and the next start cuts it.
    /// </summary>
    public bool IsTornTail { get; init; }

    /// <summary>A start would be better off without the file.</summary>
    internal bool IsMisleading { get; init; }

    internal FilePart? Part { get; init; }
}
