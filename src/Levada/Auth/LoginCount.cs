namespace Levada.Auth;

/// <summary>Logins that were tried over one protocol, or of those the ones from one address as one user.</summary>
/// <param name="Protocol">By RabbitMQ's name for it.</param>
/// <param name="Address">Empty for all of them, and for what comes by a Unix domain socket.</param>
/// <param name="User">As the client gave it; empty for all of them, and if it gave none.</param>
/// <param name="Succeeded">How many were right.</param>
/// <param name="Failed">How many were refused.</param>
public readonly record struct LoginCount(string Protocol, string Address, string User, long Succeeded, long Failed)
{
    internal LoginCount With(bool isRight) =>
        isRight ? this with { Succeeded = Succeeded + 1 } : this with { Failed = Failed + 1 };
}
