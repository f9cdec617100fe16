namespace Levada.Configuration;

/// <summary>A key whose value a reload found to be another.</summary>
/// <param name="Key">Its first name.</param>
/// <param name="From">The value before; hidden if it is a secret.</param>
/// <param name="To">The new one.</param>
/// <param name="Source">Where it stands.</param>
public sealed record ConfigurationChange(string Key, string From, string To, string Source);
