namespace Levada.Cli.Control;

/// <summary>What a command to a running broker ends with; rabbitmqctl's, after BSD's sysexits.h.</summary>
internal static class ControlExit
{
    public const int Done = 0;

    /// <summary>Files are damaged.</summary>
    public const int Damaged = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 64;

    /// <summary>What was given or found is not what it should be.</summary>
    public const int BadData = 65;

    /// <summary>The user's name or password is wrong, or there is no such user.</summary>
    public const int NoAccess = 67;

    /// <summary>No broker answers.</summary>
    public const int Unavailable = 69;

    /// <summary>A check failed.</summary>
    public const int NotWell = 69;

    /// <summary>There is nothing of that name, or what is asked for makes no sense to the broker.</summary>
    public const int Invalid = 69;

    /// <summary>The broker refused.</summary>
    public const int Refused = 70;

    /// <summary>The broker did not answer in time.</summary>
    public const int TimedOut = 75;
}
