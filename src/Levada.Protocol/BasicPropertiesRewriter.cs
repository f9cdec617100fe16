using System.Buffers.Binary;

namespace Levada.Protocol;

/// <summary>
/// Changes single properties of a message on the wire form, leaving every other octet as the publisher sent it.
/// </summary>
public static class BasicPropertiesRewriter
{
    /// <summary>
    /// Copies checked flags and list with another reply-to (added if there was none) into <paramref
    /// name="destination"/>, which holds at least the length of both plus one; returns the octets written.
    /// </summary>
    public static int ReplaceReplyTo(
        ReadOnlySpan<byte> flagsAndList, ReadOnlySpan<byte> replyTo, Span<byte> destination)
    {
        if (!BasicPropertiesReader.TryRead(flagsAndList, out var properties)) throw new ArgumentException("unchecked");
        var start = 2 + properties.Find(BasicPropertyFlags.ReplyTo);
        var old = properties.Has(BasicPropertyFlags.ReplyTo) ? 1 + flagsAndList[start] : 0;
        var writer = new AmqpWriter(destination);
        writer.U16((ushort)(properties.Flags | BasicPropertyFlags.ReplyTo));
        writer.Raw(flagsAndList[2..start]);
        writer.ShortString(replyTo);
        writer.Raw(flagsAndList[(start + old)..]);
        return writer.Position;
    }

    /// <summary>
    /// Copies checked flags and list with other entries in the headers table (added if there was none) and without the
    /// expiration into <paramref name="destination"/>, which holds at least the lengths of both and 4; returns the
    /// octets written.
    /// </summary>
    public static int ReplaceHeaders(
        ReadOnlySpan<byte> flagsAndList, ReadOnlySpan<byte> entries, Span<byte> destination)
    {
        if (!BasicPropertiesReader.TryRead(flagsAndList, out var properties)) throw new ArgumentException("unchecked");
        var start = 2 + properties.Find(BasicPropertyFlags.Headers);
        var old = properties.Has(BasicPropertyFlags.Headers) ? 4 + properties.HeadersBytes.Length : 0;
        var expirationAt = 2 + properties.Find(BasicPropertyFlags.Expiration);
        var expiration = properties.Has(BasicPropertyFlags.Expiration) ? 1 + flagsAndList[expirationAt] : 0;
        var writer = new AmqpWriter(destination);
        writer.U16((ushort)((properties.Flags | BasicPropertyFlags.Headers) & ~BasicPropertyFlags.Expiration));
        writer.Raw(flagsAndList[2..start]);
        writer.LongString(entries);
        writer.Raw(flagsAndList[(start + old)..expirationAt]);
        writer.Raw(flagsAndList[(expirationAt + expiration)..]);
        return writer.Position;
    }

    /// <summary>
    /// Copies checked flags and list without the header entries of this key (BCC) into <paramref name="destination"/>,
    /// which is at least as long; returns the octets written. An emptied headers table stays, as in RabbitMQ.
    /// </summary>
    public static int RemoveHeader(ReadOnlySpan<byte> flagsAndList, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        if (!BasicPropertiesReader.TryRead(flagsAndList, out var properties)) throw new ArgumentException("unchecked");
        if (!properties.Has(BasicPropertyFlags.Headers))
        {
            flagsAndList.CopyTo(destination);
            return flagsAndList.Length;
        }
        var lengthAt = 2 + properties.Find(BasicPropertyFlags.Headers);
        var entries = properties.HeadersBytes;
        var writer = new AmqpWriter(destination);
        writer.Raw(flagsAndList[..(lengthAt + 4)]);
        for (var reader = new FieldTableReader(entries); reader.Next();)
        {
            if (!reader.Key.SequenceEqual(key)) writer.Raw(entries[reader.EntryStart..reader.EntryEnd]);
        }
        BinaryPrimitives.WriteInt32BigEndian(destination[lengthAt..], writer.Position - lengthAt - 4);
        writer.Raw(flagsAndList[(lengthAt + 4 + entries.Length)..]);
        return writer.Position;
    }

    /// <summary>
    /// Copies checked flags and list with a header entry, unless there is one of that key and <paramref
    /// name="overwrite"/> is false, into <paramref name="destination"/>, which has room for both, the entry and five
    /// octets; returns the octets written.
    /// </summary>
    /// <param name="flagsAndList">Checked.</param>
    /// <param name="key">At most 255 octets.</param>
    /// <param name="value">The value with its type octet, as on the wire.</param>
    /// <param name="overwrite">Whether it takes the place of an entry of that key.</param>
    /// <param name="destination">Not where <paramref name="flagsAndList"/> is.</param>
    public static int SetHeader(
        ReadOnlySpan<byte> flagsAndList, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool overwrite,
        Span<byte> destination)
    {
        if (!BasicPropertiesReader.TryRead(flagsAndList, out var properties)) throw new ArgumentException("unchecked");
        var lengthAt = 2 + properties.Find(BasicPropertyFlags.Headers);
        var entries = properties.HeadersBytes;
        var behind = properties.Has(BasicPropertyFlags.Headers) ? lengthAt + 4 + entries.Length : lengthAt;
        var writer = new AmqpWriter(destination);
        writer.U16((ushort)(properties.Flags | BasicPropertyFlags.Headers));
        writer.Raw(flagsAndList[2..lengthAt]);
        writer.U32(0);
        for (var reader = new FieldTableReader(entries); reader.Next();)
        {
            if (!reader.Key.SequenceEqual(key))
            {
                writer.Raw(entries[reader.EntryStart..reader.EntryEnd]);
            }
            else if (!overwrite)
            {
                flagsAndList.CopyTo(destination);
                return flagsAndList.Length;
            }
        }
        writer.ShortString(key);
        writer.Raw(value);
        BinaryPrimitives.WriteInt32BigEndian(destination[lengthAt..], writer.Position - lengthAt - 4);
        writer.Raw(flagsAndList[behind..]);
        return writer.Position;
    }

    /// <summary>
    /// Copies checked flags and list with this timestamp, unless there is one and <paramref name="overwrite"/> is
    /// false, into <paramref name="destination"/>, which has room for eight octets more; returns the octets written.
    /// </summary>
    public static int SetTimestamp(
        ReadOnlySpan<byte> flagsAndList, ulong unixSeconds, bool overwrite, Span<byte> destination)
    {
        if (!BasicPropertiesReader.TryRead(flagsAndList, out var properties)) throw new ArgumentException("unchecked");
        var has = properties.Has(BasicPropertyFlags.Timestamp);
        if (has && !overwrite)
        {
            flagsAndList.CopyTo(destination);
            return flagsAndList.Length;
        }
        var at = 2 + properties.Find(BasicPropertyFlags.Timestamp);
        var writer = new AmqpWriter(destination);
        writer.U16((ushort)(properties.Flags | BasicPropertyFlags.Timestamp));
        writer.Raw(flagsAndList[2..at]);
        writer.U64(unixSeconds);
        writer.Raw(flagsAndList[(has ? at + sizeof(ulong) : at)..]);
        return writer.Position;
    }
}
