namespace Levada.Storage;

/// <summary>Messages of one queue that stand behind each other.</summary>
/// <param name="First">The first sequence.</param>
/// <param name="Last">The last one; it is in it.</param>
/// <param name="BodyBytes">The bodies of the durable ones among them.</param>
internal readonly record struct SequenceRange(ulong First, ulong Last, long BodyBytes);
