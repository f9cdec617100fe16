using System.Security.Cryptography;
using System.Text;

namespace Levada.Auth;

/// <summary>
/// A salted password hash in RabbitMQ's format, so that users can be taken over: four octets of salt, then the hash of
/// salt and password in UTF-8; shown as base64. Immutable.
/// </summary>
public sealed class PasswordHash
{
    public const string Sha256 = "rabbit_password_hashing_sha256";
    public const string Sha512 = "rabbit_password_hashing_sha512";
    public const string Md5 = "rabbit_password_hashing_md5";

    private const int SaltLength = 4;

    // Compared with when there is no such user, so that the answer takes as long as for one that there is.
    private static readonly PasswordHash Nobodys = Create(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    private readonly byte[] _saltAndHash;

    private PasswordHash(byte[] saltAndHash, string algorithm)
    {
        _saltAndHash = saltAndHash;
        Algorithm = algorithm;
    }

    /// <summary>RabbitMQ's name of the hash function: one of the constants here.</summary>
    public string Algorithm { get; }

    /// <summary>As RabbitMQ's definitions show it (<c>password_hash</c>).</summary>
    public string Base64 => Convert.ToBase64String(_saltAndHash);

    public static PasswordHash Create(string password, string algorithm = Sha256) =>
        Create(password, algorithm, RandomNumberGenerator.GetBytes(SaltLength));

    /// <summary>Takes a hash over from RabbitMQ.</summary>
    /// <exception cref="FormatException">
    /// The algorithm is unknown, the text is not base64 or it has not the length that the algorithm gives.
    /// </exception>
    public static PasswordHash Parse(string base64, string algorithm)
    {
        var bytes = Convert.FromBase64String(base64);
        var expected = SaltLength + Hash(algorithm, []).Length;
        if (bytes.Length != expected)
        {
            throw new FormatException(
                $"a password hash by {algorithm} has {expected} bytes, {SaltLength} of them salt; got {bytes.Length}");
        }

        return new PasswordHash(bytes, algorithm);
    }

    public static bool IsKnown(string algorithm) => algorithm is Sha256 or Sha512 or Md5;

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
        var actual = SaltedHash(Algorithm, _saltAndHash.AsSpan(0, SaltLength), password);
        return CryptographicOperations.FixedTimeEquals(actual, _saltAndHash.AsSpan(SaltLength));
    }

    private static byte[] SaltedHash(string algorithm, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> password) =>
        Hash(algorithm, [.. salt, .. password]);

#pragma warning disable CA5351 // MD5 is what RabbitMQ used before 3.6; a user taken over from there logs in with it.
    private static byte[] Hash(string algorithm, byte[] bytes) => algorithm switch
    {
        Sha256 => SHA256.HashData(bytes),
        Sha512 => SHA512.HashData(bytes),
        Md5 => MD5.HashData(bytes),
        _ => throw new FormatException(
            $"unknown password hashing algorithm '{algorithm}'; known are {Sha256}, {Sha512} and {Md5}"),
    };
#pragma warning restore CA5351
}
