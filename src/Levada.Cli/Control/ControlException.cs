using System.Net;

namespace Levada.Cli.Control;

/// <summary>A command could not be carried out; its message is for the user.</summary>
internal sealed class ControlException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="ControlExit"/>.</summary>
    public int ExitCode => exitCode;

    /// <summary>What the broker answered, if it did.</summary>
    public HttpStatusCode? Status { get; init; }
}
