namespace Levada.Accounting;

/// <summary>One line of <see cref="MemoryBreakdown"/>.</summary>
/// <param name="Name">As RabbitMQ names it, where it has the same.</param>
/// <param name="Bytes">Bytes of resident memory.</param>
public readonly record struct MemoryLine(string Name, long Bytes);
