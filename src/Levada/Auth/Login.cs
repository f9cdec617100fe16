namespace Levada.Auth;

/// <summary>The outcome of a login.</summary>
/// <param name="User">Null if it was refused.</param>
/// <param name="Reason">
/// For the log only, as it helps who guesses: which rule refused, and the setting that changes it. Empty if it was not
/// refused.
/// </param>
public readonly record struct Login(User? User, string Reason)
{
    /// <summary>Who the client said that it is; empty if it did not.</summary>
    public string Name { get; init; } = "";

    /// <summary>After so long the password is looked at; zero if it was.</summary>
    public TimeSpan Wait { get; init; }
}
