namespace Levada;

/// <summary>A resource (disk, memory) that is short, and the numbers that say so.</summary>
public sealed record Alarm(string Resource, string Reason);
