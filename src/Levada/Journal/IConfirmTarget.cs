namespace Levada.Journal;

/// <summary>
/// Who waits to hear that a post is safe. Answered once per post and shard: when applied, or when committed if it holds
/// something persistent. Called on the shard's turn.
/// </summary>
public interface IConfirmTarget
{
    /// <summary>
    /// Confirms what the post published; <paramref name="refused"/>: it was not taken and must be nacked.
    /// </summary>
    void Answer(bool refused);

    /// <summary>Whether the answer must wait for the disk.</summary>
    bool IsPersistent { get; }

    /// <summary>Sends what the answer wrote; never blocks.</summary>
    void Flush();
}
