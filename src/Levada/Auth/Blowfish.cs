using System.Buffers.Binary;
using System.Numerics;

namespace Levada.Auth;

/// <summary>
/// The cipher Blowfish (Schneier, 1993) with the salted key schedule that bcrypt asks for. Its tables begin as the
/// fraction of pi, which is worked out once, with the first hash. For one thread.
/// </summary>
internal sealed class Blowfish
{
    private const int Rounds = 16;
    private const int SubkeyCount = Rounds + 2;
    private const int BoxLength = 256;
    private const int WordCount = SubkeyCount + (4 * BoxLength);

    private static readonly Lazy<uint[]> PiWords = new(FractionOfPi);

    // Subkeys, then four boxes.
    private readonly uint[] _words = (uint[])PiWords.Value.Clone();

    /// <summary>Mixes in a key, and a salt of 16 octets or none.</summary>
    public void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        var at = 0;
        for (var i = 0; i < SubkeyCount; i++)
            _words[i] ^= NextWord(key, ref at);
        var (left, right) = (0u, 0u);
        at = 0;
        for (var i = 0; i < WordCount; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= NextWord(salt, ref at);
                right ^= NextWord(salt, ref at);
            }

            Encrypt(ref left, ref right);
            _words[i] = left;
            _words[i + 1] = right;
        }
    }

    /// <summary>One block of 64 bits.</summary>
    public void Encrypt(ref uint left, ref uint right)
    {
        var words = _words.AsSpan(0, WordCount);
        for (var i = 0; i < Rounds; i += 2)
        {
            left ^= words[i];
            right ^= Mix(words, left);
            right ^= words[i + 1];
            left ^= Mix(words, right);
        }

        (left, right) = (right ^ words[Rounds + 1], left ^ words[Rounds]);
    }

    private static uint Mix(ReadOnlySpan<uint> words, uint half)
    {
        var boxes = words[SubkeyCount..];
        return ((boxes[(int)(half >> 24)] + boxes[BoxLength + (byte)(half >> 16)])
            ^ boxes[(2 * BoxLength) + (byte)(half >> 8)]) + boxes[(3 * BoxLength) + (byte)half];
    }

    // Around and around.
    private static uint NextWord(ReadOnlySpan<byte> octets, ref int at)
    {
        uint word = 0;
        for (var i = 0; i < sizeof(uint); i++)
        {
            word = (word << 8) | octets[at];
            at = (at + 1) % octets.Length;
        }

        return word;
    }

    // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239), in fixed point.
    private static uint[] FractionOfPi()
    {
        const int Guard = 64;
        const int Bits = (WordCount * 32) + Guard;
        var one = BigInteger.One << Bits;
        var fraction = (16 * InverseArctangent(5, one)) - (4 * InverseArctangent(239, one)) - (3 * one);
        var octets = (fraction >> Guard).ToByteArray(isUnsigned: true, isBigEndian: true);
        Span<byte> padded = new byte[WordCount * sizeof(uint)];
        octets.CopyTo(padded[(padded.Length - octets.Length)..]);
        var words = new uint[WordCount];
        for (var i = 0; i < WordCount; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(padded[(i * sizeof(uint))..]);
        return words;
    }

    private static BigInteger InverseArctangent(int x, BigInteger one)
    {
        var (power, square) = (one / x, x * x);
        var sum = power;
        for (var (i, sign) = (3, -1); !power.IsZero; i += 2, sign = -sign)
        {
            power /= square;
            sum += sign * power / i;
        }

        return sum;
    }
}
