using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Levada.Protocol;

namespace Levada.Queues;

/// <summary>
/// How long a message asks an x-delayed-message exchange to hold it back: its header <c>x-delay</c>, as the plugin of
/// RabbitMQ reads and writes it.
/// </summary>
internal static class Delay
{
    /// <summary>Names the type by which the exchange then chooses among its bindings.</summary>
    public const string TypeArgument = "x-delayed-type";

    /// <summary>In milliseconds; one that asks for more goes on at once.</summary>
    public const long MaxMs = uint.MaxValue;

    /// <summary>Room that <see cref="Negate"/> needs beyond the properties.</summary>
    public const int NegatedSize = 32;

    public static ReadOnlySpan<byte> Header => "x-delay"u8;

    /// <summary>In milliseconds, above 0; 0 for a message that is not to be held back.</summary>
    /// <param name="headers">The entries of the message's headers table, checked.</param>
    public static long Of(ReadOnlySpan<byte> headers)
    {
        for (var reader = new FieldTableReader(headers); reader.Next();)
        {
            if (reader.Key.SequenceEqual(Header))
                return Read(reader) is > 0 and <= MaxMs and var ms ? ms : 0;
        }

        return 0;
    }

    /// <summary>
    /// Copies a message's properties with the header negated: so consumers see that it was held back and for how long,
    /// and no exchange does it again. Returns the octets written.
    /// </summary>
    public static int Negate(ReadOnlySpan<byte> flagsAndList, long delayMs, Span<byte> destination)
    {
        Span<byte> value = stackalloc byte[1 + sizeof(long)];
        if (delayMs <= int.MaxValue)
        {
            value[0] = (byte)FieldType.SignedInt;
            BinaryPrimitives.WriteInt32BigEndian(value[1..], (int)-delayMs);
            value = value[..(1 + sizeof(int))];
        }
        else
        {
            value[0] = (byte)FieldType.Long;
            BinaryPrimitives.WriteInt64BigEndian(value[1..], -delayMs);
        }

        return BasicPropertiesRewriter.SetHeader(flagsAndList, Header, value, overwrite: true, destination);
    }

    // Whole numbers of any type, texts of one, and fractions, which are cut.
    private static long Read(in FieldTableReader header)
    {
        if (header.TryGetInteger(out var ms))
            return ms;
        switch (header.Type)
        {
            case FieldType.LongString:
                return header.Value.Length <= 20
                    && long.TryParse(
                        Encoding.UTF8.GetString(header.Value), NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture, out ms)
                    ? ms
                    : 0;
            case FieldType.Float:
                return Whole(BinaryPrimitives.ReadSingleBigEndian(header.Value));
            case FieldType.Double:
                return Whole(BinaryPrimitives.ReadDoubleBigEndian(header.Value));
            default:
                return 0;
        }
    }

    // NaN is 0, and what is too large is the largest there is.
    private static long Whole(double ms) => (long)Math.Truncate(ms);
}
