namespace Levada.Management.Api;

/// <summary>Logins that were tried from one address as one user over one protocol.</summary>
internal sealed record SourceAttemptsReply(
    string RemoteAddress, string Username, string Protocol, long AuthAttempts, long AuthAttemptsFailed)
{
    public long AuthAttemptsSucceeded => AuthAttempts - AuthAttemptsFailed;
}
