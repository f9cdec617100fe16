using System.Security.Cryptography;
using System.Text;

namespace Levada.Auth;

/// <summary>
/// A salted password hash in RabbitMQ's format, so that users can be taken over: four octets of salt, then the hash of
/// salt and password in UTF-8; shown as base64. Or LavinMQ's other one, bcrypt, shown as that is. Immutable.
/// </summary>
public sealed class PasswordHash
{
    public const string Sha256 = "rabbit_password_hashing_sha256";
    public const string Sha512 = "rabbit_password_hashing_sha512";
    public const string Md5 = "rabbit_password_hashing_md5";
    public const string Bcrypt = "bcrypt";

    private const int SaltLength = 4;

    // Compared with when there is no such user, so that the answer takes as long as for one that there is (but for
    // bcrypt, which takes its own time).
    private static readonly PasswordHash Nobodys = Create(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    // Empty for bcrypt.
    private readonly byte[] _saltAndHash;

    private PasswordHash(byte[] saltAndHash, string algorithm)
    {
        _saltAndHash = saltAndHash;
        Algorithm = algorithm;
        Text = Convert.ToBase64String(saltAndHash);
    }

    private PasswordHash(string bcrypt)
    {
        _saltAndHash = [];
        Algorithm = Bcrypt;
        Text = bcrypt;
    }

    /// <summary>RabbitMQ's name of the hash function, or bcrypt: one of the constants here.</summary>
    public string Algorithm { get; }

    /// <summary>As definitions show it (<c>password_hash</c>).</summary>
    public string Text { get; }

    public static PasswordHash Create(string password, string algorithm = Sha256) =>
        Create(password, algorithm, RandomNumberGenerator.GetBytes(SaltLength));

    /// <summary>Takes a hash over from RabbitMQ or LavinMQ.</summary>
    /// <param name="text">Base64, or what bcrypt writes.</param>
    /// <param name="algorithm">By either's name: rabbit_password_hashing_sha256, SHA256, Bcrypt.</param>
    /// <exception cref="FormatException">
    /// The algorithm is unknown, or the text is not what the algorithm gives.
    /// </exception>
    public static PasswordHash Parse(string text, string algorithm)
    {
        var known = FindAlgorithm(algorithm) ?? throw new FormatException(
            $"unknown password hashing algorithm '{algorithm}'; known are {Sha256}, {Sha512}, {Md5} and {Bcrypt}");
        if (known == Bcrypt)
        {
            return BcryptHash.Fault(text) is { } fault
                ? throw new FormatException(fault)
                : new PasswordHash(text);
        }

        var bytes = FromBase64(text);
        var expected = SaltLength + Hash(known, []).Length;
        if (bytes.Length != expected)
        {
            throw new FormatException(
                $"a password hash by {known} has {expected} bytes, {SaltLength} of them salt; got {bytes.Length}");
        }

        return new PasswordHash(bytes, known);
    }

    /// <summary>The algorithm of a hash that comes without its name: bcrypt is known by its form.</summary>
    public static string Guess(string text, string otherwise) =>
        text.StartsWith("$2", StringComparison.Ordinal) ? Bcrypt : otherwise;

    /// <summary>One of the constants for RabbitMQ's or LavinMQ's name of it, in any case; null if unknown.</summary>
    public static string? FindAlgorithm(string name)
    {
        const string Prefix = "rabbit_password_hashing_";
        var plain = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name;
        return plain.ToUpperInvariant() switch
        {
            "SHA256" => Sha256,
            "SHA512" => Sha512,
            "MD5" => Md5,
            "BCRYPT" => Bcrypt,
            _ => null,
        };
    }

    /// <summary>
    /// Takes a time that does not tell how much of the password was right, or whether there is a hash.
    /// </summary>
    /// <param name="hash">Null for a user that does not exist or has no password: false.</param>
    /// <param name="password">In UTF-8. An empty one is never right.</param>
    public static bool Verify(PasswordHash? hash, ReadOnlySpan<byte> password)
    {
        var matches = (hash ?? Nobodys).Matches(password);
        return matches && hash is not null && !password.IsEmpty;
    }

    internal static PasswordHash Create(string password, string algorithm, ReadOnlySpan<byte> salt) =>
        new([.. salt, .. SaltedHash(algorithm, salt, Encoding.UTF8.GetBytes(password))], algorithm);

    private bool Matches(ReadOnlySpan<byte> password)
    {
        if (Algorithm == Bcrypt)
            return BcryptHash.Matches(Text, password);
        var actual = SaltedHash(Algorithm, _saltAndHash.AsSpan(0, SaltLength), password);
        return CryptographicOperations.FixedTimeEquals(actual, _saltAndHash.AsSpan(SaltLength));
    }

    private static byte[] FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new FormatException("a password hash is base64, and this is not");
        }
    }

    private static byte[] SaltedHash(string algorithm, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> password) =>
        Hash(algorithm, [.. salt, .. password]);

#pragma warning disable CA5351 // MD5 is what RabbitMQ used before 3.6; a user taken over from there logs in with it.
    private static byte[] Hash(string algorithm, byte[] bytes) => algorithm switch
    {
        Sha256 => SHA256.HashData(bytes),
        Sha512 => SHA512.HashData(bytes),
        Md5 => MD5.HashData(bytes),
        _ => throw new ArgumentException($"'{algorithm}' makes no hash of salt and password", nameof(algorithm)),
    };
#pragma warning restore CA5351
}
