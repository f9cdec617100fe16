namespace Levada.Cli.Server;

/// <summary>What the process ends with; docs/running.md lists them.</summary>
internal static class ExitCode
{
    public const int Stopped = 0;

    /// <summary>The broker could not start: a port is taken, a certificate unreadable, the data damaged.</summary>
    public const int CannotStart = 1;

    public const int BadConfiguration = 2;

    /// <summary>Another broker has the data folder.</summary>
    public const int FolderInUse = 3;

    /// <summary>A second signal came while the broker was stopping.</summary>
    public const int StoppedAtOnce = 4;
}
