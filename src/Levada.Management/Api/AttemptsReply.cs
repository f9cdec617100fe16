namespace Levada.Management.Api;

/// <summary>Logins that were tried over one protocol.</summary>
internal sealed record AttemptsReply(string Protocol, long AuthAttempts, long AuthAttemptsFailed)
{
    public long AuthAttemptsSucceeded => AuthAttempts - AuthAttemptsFailed;
}
