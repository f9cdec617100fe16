using System.Net;
using System.Text;
using Levada.Auth;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>Logins over HTTP; those over AMQP are the connections'.</summary>
public sealed partial class Broker
{
    /// <summary>Holds up who guesses passwords.</summary>
    public LoginDelays LoginDelays { get; }

    /// <summary>How many logins were tried.</summary>
    public LoginCounts Logins { get; }

    /// <summary>A login over HTTP with a name and a password.</summary>
    /// <param name="user">The name.</param>
    /// <param name="password">As the client gave it.</param>
    /// <param name="remote">Where it comes from.</param>
    /// <param name="from">The same for the log.</param>
    public Login Authenticate(string user, string password, IPAddress remote, string from) =>
        Told(Authenticator.AuthenticatePassword(user, Encoding.UTF8.GetBytes(password), remote), from);

    /// <summary>A login over HTTP with a certificate that verified.</summary>
    public Login Authenticate(ClientCertificate certificate, IPAddress remote, string from) =>
        Told(Authenticator.AuthenticateCertificate(certificate, remote), from);

    // The client, which may be guessing, does not hear why.
    private Login Told(Login login, string from)
    {
        if (login.User is null)
            LogHttpLoginRefused(from, login.Reason);
        return login;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "HTTP client {From}: login refused: {Reason}")]
    private partial void LogHttpLoginRefused(string from, string reason);
}
