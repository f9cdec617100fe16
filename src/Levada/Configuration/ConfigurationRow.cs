namespace Levada.Configuration;

/// <summary>A key as it is in force.</summary>
/// <param name="Key">Its first name.</param>
/// <param name="Value">In the words of the file; hidden if it is a secret.</param>
/// <param name="Source">file:line, a variable, an option, or default.</param>
/// <param name="Reload">A reload changes it.</param>
/// <param name="AfterRestart">What a restart would make of it; null if nothing else.</param>
public sealed record ConfigurationRow(
    string Key, string Value, string Source, bool Reload, string? AfterRestart = null)
{
    public const string Default = "default";
    public const string Hidden = "***";
}
