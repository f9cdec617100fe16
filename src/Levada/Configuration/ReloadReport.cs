namespace Levada.Configuration;

/// <summary>What a reload came to.</summary>
/// <param name="Changed">In force now.</param>
/// <param name="NeedRestart">Read, and in force after the next start.</param>
/// <param name="Warnings">Settings that have no effect.</param>
public sealed record ReloadReport(
    IReadOnlyList<ConfigurationChange> Changed, IReadOnlyList<ConfigurationChange> NeedRestart,
    IReadOnlyList<string> Warnings);
