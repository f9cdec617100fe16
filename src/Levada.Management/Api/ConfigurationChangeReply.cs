using Levada.Configuration;

namespace Levada.Management.Api;

/// <summary>A key that a reload found changed.</summary>
internal sealed record ConfigurationChangeReply(
    string Key, string From, string To, string Source, bool NeedsRestart)
{
    public static ConfigurationChangeReply Of(ConfigurationChange change, bool needsRestart) =>
        new(change.Key, change.From, change.To, change.Source, needsRestart);
}
