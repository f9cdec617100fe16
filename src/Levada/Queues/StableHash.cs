using System.Buffers.Binary;

namespace Levada.Queues;

/// <summary>
/// A hash that is the same in every process and for ever: what a key is sent by must not change with a restart. Eight
/// octets a step; not for keeping names of clients apart, see <see cref="ByteHash"/> for that.
/// </summary>
internal static class StableHash
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<byte> octets, ulong seed = 0)
    {
        var hash = seed ^ ((ulong)octets.Length * Step);
        while (octets.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[sizeof(ulong)..];
        }

        var rest = 0UL;
        foreach (var octet in octets)
            rest = (rest << 8) | octet;
        return Mix(Mix(hash ^ rest) + Step);
    }

    /// <summary>One to one, and each bit of the result depends on all bits of the value.</summary>
    public static ulong Mix(ulong value)
    {
        value ^= value >> 32;
        value *= 0xD6E8FEB86659FD93;
        value ^= value >> 32;
        value *= 0xD6E8FEB86659FD93;
        return value ^ (value >> 32);
    }
}
