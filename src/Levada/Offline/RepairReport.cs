namespace Levada.Offline;

/// <summary>What a repair found and did.</summary>
/// <param name="Faults">What was wrong.</param>
/// <param name="Aside">The folder with copies of what was damaged; null if nothing was done.</param>
/// <param name="Kept">These copies.</param>
/// <param name="Left">What is still wrong.</param>
public sealed record RepairReport(
    IReadOnlyList<DataFault> Faults, string? Aside, IReadOnlyList<string> Kept, IReadOnlyList<DataFault> Left);
