namespace Levada.Storage;

/// <summary>What <see cref="QueueMessages.Peek"/> found.</summary>
public enum PeekResult
{
    /// <summary>Nothing is ready.</summary>
    Empty,

    /// <summary>The lowest ready message is in the view.</summary>
    Found,

    /// <summary>
    /// The lowest ready message is being read from disk; <see cref="MessageStore.Readable"/> says when.
    /// </summary>
    Loading,
}
