using System.Security.Cryptography;
using System.Text;
using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>User and password as a client gave them.</summary>
internal sealed class Credentials(byte[] user, byte[] password)
{
    /// <summary>The mechanisms that give a user and a password.</summary>
    public const string Mechanisms = "PLAIN AMQPLAIN";

    // Of this process only. Who does not know it learns nothing from how long a look-up takes.
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    public string User => Encoding.UTF8.GetString(user);

    /// <summary>The response of SASL PLAIN.</summary>
    public byte[] PlainResponse => [0, .. user, 0, .. password];

    /// <summary>Stands for both in a dictionary.</summary>
    public string Digest()
    {
        byte[] both = [.. BitConverter.GetBytes(user.Length), .. user, .. password];
        return Convert.ToHexString(HMACSHA256.HashData(Secret, both));
    }

    /// <summary>Null if the response is not one of the mechanism, or the mechanism is not offered.</summary>
    public static Credentials? Read(string mechanism, byte[] response) => mechanism switch
    {
        "PLAIN" => Plain(response),
        "AMQPLAIN" => AmqPlain(response),
        _ => null,
    };

    // RFC 4616: authorization identity, user and password, with a NUL between.
    private static Credentials? Plain(byte[] response)
    {
        var user = Array.IndexOf(response, (byte)0) + 1;
        var password = user == 0 ? 0 : Array.IndexOf(response, (byte)0, user) + 1;
        return password == 0 || Array.IndexOf(response, (byte)0, password) >= 0
            ? null
            : new Credentials(response[user..(password - 1)], response[password..]);
    }

    private static Credentials? AmqPlain(byte[] response) =>
        FieldTable.TryDecode(response, out var table)
        && table.TryGet("LOGIN", out var user) && user.Type == FieldType.LongString
        && table.TryGet("PASSWORD", out var password) && password.Type == FieldType.LongString
            ? new Credentials(user.AsBytes.ToArray(), password.AsBytes.ToArray())
            : null;
}
