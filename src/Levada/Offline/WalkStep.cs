using Levada.Storage;

namespace Levada.Offline;

/// <summary>Some messages of a queue, and where the next ones are.</summary>
/// <param name="Messages">Copies; who gets them disposes of them.</param>
/// <param name="Part">Of which priority the next ones are, counted from the highest.</param>
/// <param name="From">From which sequence on.</param>
/// <param name="IsAtEnd">There are no more.</param>
internal sealed record WalkStep(IReadOnlyList<SeenMessage> Messages, int Part, ulong From, bool IsAtEnd);
