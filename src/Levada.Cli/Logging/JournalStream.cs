namespace Levada.Cli.Logging;

/// <summary>Whether standard error goes to systemd's journal (systemd.exec(5), JOURNAL_STREAM).</summary>
internal static class JournalStream
{
    private const string StandardError = "/proc/self/fd/2";

    public static bool IsOurs =>
        Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { } stream && stream.Split(':') is [_, var inode]
        && File.ResolveLinkTarget(StandardError, returnFinalTarget: false) is { } target
        && target.Name.EndsWith($":[{inode}]", StringComparison.Ordinal);
}
