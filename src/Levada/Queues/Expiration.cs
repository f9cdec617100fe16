using System.Buffers.Binary;
using System.Globalization;
using Levada.Protocol;

namespace Levada.Queues;

/// <summary>The expiration property: how long this one message may wait, written as decimal text.</summary>
public static class Expiration
{
    /// <summary>A whole number of milliseconds, with a sign if it has one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ms) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ms);

    /// <summary>How long a message may wait by its own properties, in ms; null is for ever.</summary>
    /// <param name="properties">Flags and list, checked.</param>
    public static long? Of(ReadOnlySpan<byte> properties)
    {
        // The flags alone answer for nearly every message.
        var flags = (BasicPropertyFlags)BinaryPrimitives.ReadUInt16BigEndian(properties);
        return (flags & BasicPropertyFlags.Expiration) != 0
            && TryParse(BasicPropertiesReader.OfChecked(properties).Expiration, out var ms)
                ? ms
                : null;
    }
}
