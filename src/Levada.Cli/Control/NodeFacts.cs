namespace Levada.Cli.Control;

/// <summary>What the API tells of a node besides what is in it.</summary>
internal sealed record NodeFacts(
    string Pid, string Os, bool IsDrained, string DataFolder, long DiskFree, IReadOnlyList<string> Alarms);
