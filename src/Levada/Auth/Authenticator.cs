using System.Net;
using System.Text;
using Levada.Protocol;

namespace Levada.Auth;

/// <summary>
/// Finds out who a client is from its response to connection.start (SASL). Safe from any thread; a login costs one hash
/// over the password, whether the user exists or not.
/// </summary>
/// <param name="accounts">The users at this moment.</param>
/// <param name="loopbackUsers">Those who may connect from this machine only (<c>loopback_users</c>).</param>
/// <param name="mechanisms">Those that are allowed (<c>auth_mechanisms</c>).</param>
/// <param name="delays">Holds up who guesses; null: nobody is.</param>
public sealed class Authenticator(
    Func<Accounts> accounts, Func<ISet<string>> loopbackUsers, IReadOnlyList<string> mechanisms,
    LoginDelays? delays = null)
{
    /// <summary>By the certificate that the client showed in its TLS handshake.</summary>
    public const string External = "EXTERNAL";

    /// <summary>Every mechanism there is.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = ["PLAIN", "AMQPLAIN", External];

    private readonly string _withCertificate = string.Join(' ', mechanisms);
    private readonly string _withoutCertificate = string.Join(' ', mechanisms.Where(static m => m != External));

    /// <summary>What connection.start offers, separated by spaces: EXTERNAL only to who has a certificate.</summary>
    public string Offered(ClientCertificate? certificate) =>
        certificate is null ? _withoutCertificate : _withCertificate;

    /// <summary>A login with what the client sent.</summary>
    /// <param name="mechanism">The mechanism that the client chose.</param>
    /// <param name="response">Its response in that mechanism's form.</param>
    /// <param name="peer">Where it connects from; null if by a socket that only this machine reaches.</param>
    /// <param name="certificate">The client's, verified; null if it showed none.</param>
    public Login Authenticate(
        string mechanism, ReadOnlySpan<byte> response, IPAddress? peer, ClientCertificate? certificate = null)
    {
        var offered = Offered(certificate);
        return !offered.Split(' ').Contains(mechanism)
            ? Refused($"mechanism '{mechanism}' is not offered; offered are {offered}")
            : mechanism switch
            {
                "PLAIN" => Plain(response, peer),
                "AMQPLAIN" => AmqPlain(response, peer),
                _ => ByCertificate(certificate!, peer),
            };
    }

    /// <summary>A login with name and password, as HTTP clients have them.</summary>
    /// <param name="name">The user.</param>
    /// <param name="password">In UTF-8.</param>
    /// <param name="peer">Where the client connects from; null if by a socket that only this machine reaches.</param>
    public Login AuthenticatePassword(string name, ReadOnlySpan<byte> password, IPAddress? peer) =>
        WithDelays(name, password, peer) with { Name = name };

    private Login WithDelays(string name, ReadOnlySpan<byte> password, IPAddress? peer)
    {
        if (delays is null || peer is null)
            return CheckPassword(name, password, peer);
        var from = Unmapped(peer);
        var wait = delays.Check(from, name);
        if (wait > TimeSpan.Zero)
        {
            return Refused(
                $"too many failed logins from {from} (login_failures_max); the next one as '{name}' counts in "
                + $"{Math.Ceiling(wait.TotalSeconds):0} s") with
            {
                Wait = wait,
            };
        }
        var login = CheckPassword(name, password, peer);
        if (login.User is null)
            delays.Failed(from, name);
        else
            delays.Succeeded(from, name);
        return login;
    }

    /// <summary>A login by a certificate that verified, as HTTP clients have them.</summary>
    public Login AuthenticateCertificate(ClientCertificate certificate, IPAddress? peer) =>
        mechanisms.Contains(External)
            ? ByCertificate(certificate, peer)
            : Refused($"logins by certificate need {External} in auth_mechanisms");

    private Login CheckPassword(string name, ReadOnlySpan<byte> password, IPAddress? peer)
    {
        var user = accounts().Find(name);
        var matches = PasswordHash.Verify(user?.Password, password);
        if (user is null)
            return Refused($"there is no user '{name}'");
        if (user.Password is null)
            return Refused($"user '{name}' has no password, so it cannot log in with one");
        if (password.IsEmpty)
            return Refused($"user '{name}' gave an empty password, and that is never accepted");
        if (!matches)
            return Refused($"wrong password for user '{name}'");
        return Admit(user, peer);
    }

    // The identity that the client may send along is not asked: who it is stands in the certificate.
    private Login ByCertificate(ClientCertificate certificate, IPAddress? peer)
    {
        if (certificate.UserName is not { } name)
            return Refused(certificate.Problem);
        var login = accounts().Find(name) is { } user
            ? Admit(user, peer)
            : Refused($"there is no user '{name}', as the certificate names it (ssl_cert_login_from)");
        return login with { Name = name };
    }

    private Login Admit(User user, IPAddress? peer)
    {
        var name = user.Name;
        if (LocalOperator.IsName(name))
            return Refused(LocalOperator.Refusal);
        if (peer is not null && !IPAddress.IsLoopback(Unmapped(peer)) && loopbackUsers().Contains(name))
        {
            return Refused(
                $"user '{name}' is in loopback_users and so may connect from this machine only, not from {peer}; "
                + "add another user for remote clients, or set loopback_users = none");
        }

        return new Login(user, "");
    }

    // RFC 4616: authorization identity (not used), user and password, with a NUL between.
    private Login Plain(ReadOnlySpan<byte> response, IPAddress? peer)
    {
        var user = response.IndexOf((byte)0) + 1;
        var password = user == 0 ? 0 : response[user..].IndexOf((byte)0) + user + 1;
        if (password <= user || response[password..].Contains((byte)0))
            return Refused("the PLAIN response is not an identity, a user and a password with a NUL between");
        var name = Encoding.UTF8.GetString(response[user..(password - 1)]);
        return AuthenticatePassword(name, response[password..], peer);
    }

    private Login AmqPlain(ReadOnlySpan<byte> response, IPAddress? peer)
    {
        if (!FieldTable.TryDecode(response, out var table)
            || !table.TryGet("LOGIN", out var login) || login.Type != FieldType.LongString
            || !table.TryGet("PASSWORD", out var password) || password.Type != FieldType.LongString)
        {
            return Refused("the AMQPLAIN response is not a table with the strings LOGIN and PASSWORD");
        }

        return AuthenticatePassword(login.AsString, password.AsBytes.Span, peer);
    }

    // A client over IPv4 on a socket for both has an address like ::ffff:127.0.0.1.
    private static IPAddress Unmapped(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static Login Refused(string reason) => new(null, reason);
}
