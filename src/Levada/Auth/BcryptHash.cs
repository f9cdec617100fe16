using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Levada.Auth;

/// <summary>
/// bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999), as far as checking passwords goes: users
/// taken over from LavinMQ have such hashes. $2a$10$ is followed by 22 characters of salt and 31 of hash.
/// </summary>
internal static class BcryptHash
{
    // Each step doubles the time of a login: 10 takes about 0.1 s, 16 some seconds of one core.
    private const int CostMin = 4;
    private const int CostMax = 16;

    private const int PasswordMax = 72;
    private const int SaltLength = 16;
    private const int HashLength = 23;
    private const int HeadLength = 7;
    private const int TextLength = 60;
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet);

    /// <summary>What is wrong with it; null if nothing is.</summary>
    public static string? Fault(string text)
    {
        if (text.Length != TextLength || !text.StartsWith("$2", StringComparison.Ordinal)
            || text[2] is not ('a' or 'b' or 'y') || text[3] != '$' || text[6] != '$'
            || !text.AsSpan(4, 2).ContainsOnlyDigits()
            || text.AsSpan(HeadLength).ContainsAnyExcept(Digits))
        {
            return "it is no hash by bcrypt, like $2a$10$ and 53 characters";
        }

        var cost = CostOf(text);
        return cost is < CostMin or > CostMax
            ? $"the cost of a hash by bcrypt is from {CostMin} to {CostMax}, got {cost}"
            : null;
    }

    /// <param name="text">Without a <see cref="Fault"/>.</param>
    /// <param name="password">In UTF-8; what is beyond 72 octets does not count.</param>
    public static bool Matches(string text, ReadOnlySpan<byte> password)
    {
        var salt = Decode(text.AsSpan(HeadLength, 22), SaltLength);
        var expected = Decode(text.AsSpan(HeadLength + 22), HashLength);
        // With the NUL that ends it, if there is room.
        byte[] key = [.. password[..Math.Min(password.Length, PasswordMax)], 0];
        if (key.Length > PasswordMax)
            key = key[..PasswordMax];
        return CryptographicOperations.FixedTimeEquals(Hash(key, salt, CostOf(text)), expected);
    }

    private static int CostOf(string text) => int.Parse(text.AsSpan(4, 2), CultureInfo.InvariantCulture);

    private static byte[] Hash(byte[] key, byte[] salt, int cost)
    {
        var cipher = new Blowfish();
        cipher.Expand(key, salt);
        for (var left = 1L << cost; left > 0; left--)
        {
            cipher.Expand(key, []);
            cipher.Expand(salt, []);
        }

        var block = Encoding.ASCII.GetBytes("OrpheanBeholderScryDoubt");
        for (var i = 0; i < block.Length; i += 8)
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(i));
            var right = BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(i + 4));
            for (var round = 0; round < 64; round++)
                cipher.Encrypt(ref left, ref right);
            BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(i), left);
            BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(i + 4), right);
        }

        return block[..HashLength];
    }

    // Base64 with an alphabet of its own and without padding.
    private static byte[] Decode(ReadOnlySpan<char> text, int length)
    {
        var bytes = new byte[length];
        var (bits, count, at) = (0, 0, 0);
        foreach (var c in text)
        {
            bits = (bits << 6) | Alphabet.IndexOf(c, StringComparison.Ordinal);
            count += 6;
            if (count < 8 || at == length)
                continue;
            count -= 8;
            bytes[at++] = (byte)(bits >> count);
            bits &= (1 << count) - 1;
        }

        return bytes;
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
