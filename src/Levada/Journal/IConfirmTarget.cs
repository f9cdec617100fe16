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

    /// <summary>The channel that published.</summary>
    ushort Channel { get; }

    /// <summary>A queue was full and refused this one of the post's messages. Before the answer.</summary>
    /// <param name="number">The publish's number in its channel.</param>
    void Refuse(ulong number);

    /// <summary>Whether the answer must wait for the disk.</summary>
    bool IsPersistent { get; }

    /// <summary>Sends what the answer wrote; never blocks.</summary>
    void Flush();
}
