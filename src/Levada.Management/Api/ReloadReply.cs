using Levada.Configuration;

namespace Levada.Management.Api;

/// <summary>What a reload of the configuration came to.</summary>
internal sealed record ReloadReply(
    IReadOnlyList<ConfigurationChangeReply> Changed, IReadOnlyList<ConfigurationChangeReply> NeedRestart,
    IReadOnlyList<string> Warnings)
{
    public static ReloadReply Of(ReloadReport report) => new(
        [.. report.Changed.Select(static c => ConfigurationChangeReply.Of(c, false))],
        [.. report.NeedRestart.Select(static c => ConfigurationChangeReply.Of(c, true))],
        report.Warnings);
}
