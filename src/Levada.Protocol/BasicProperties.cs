using System.Text;

namespace Levada.Protocol;

/// <summary>The properties of a message to be built or looked at outside the hot path; null is absent.</summary>
public sealed class BasicProperties
{
    public string? ContentType { get; set; }

    public string? ContentEncoding { get; set; }

    public FieldTable? Headers { get; set; }

    /// <summary>1 transient, 2 persistent.</summary>
    public byte? DeliveryMode { get; set; }

    public byte? Priority { get; set; }

    public string? CorrelationId { get; set; }

    public string? ReplyTo { get; set; }

    /// <summary>Milliseconds as decimal text.</summary>
    public string? Expiration { get; set; }

    public string? MessageId { get; set; }

    /// <summary>Seconds since 1970.</summary>
    public ulong? Timestamp { get; set; }

    public string? Type { get; set; }

    public string? UserId { get; set; }

    public string? AppId { get; set; }

    /// <summary>Reserved by 0-9-1, sent by old clients.</summary>
    public string? ClusterId { get; set; }

    /// <summary>Octets of flags and list.</summary>
    public int EncodedLength =>
        2 + Size(ContentType) + Size(ContentEncoding) + (Headers is null ? 0 : 4 + Headers.EncodedLength)
        + (DeliveryMode is null ? 0 : 1) + (Priority is null ? 0 : 1) + Size(CorrelationId) + Size(ReplyTo)
        + Size(Expiration) + Size(MessageId) + (Timestamp is null ? 0 : 8) + Size(Type) + Size(UserId) + Size(AppId)
        + Size(ClusterId);

    /// <summary>Writes flags and list as a content header carries them; returns the octets written.</summary>
    public int Encode(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16((ushort)Flags);
        Write(ref writer, ContentType);
        Write(ref writer, ContentEncoding);
        if (Headers is not null) writer.Table(Headers);
        if (DeliveryMode is { } mode) writer.U8(mode);
        if (Priority is { } priority) writer.U8(priority);
        Write(ref writer, CorrelationId);
        Write(ref writer, ReplyTo);
        Write(ref writer, Expiration);
        Write(ref writer, MessageId);
        if (Timestamp is { } timestamp) writer.U64(timestamp);
        Write(ref writer, Type);
        Write(ref writer, UserId);
        Write(ref writer, AppId);
        Write(ref writer, ClusterId);
        return writer.Position;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[EncodedLength];
        Encode(bytes);
        return bytes;
    }

    /// <summary>False when the octets are no properties, see <see cref="BasicPropertiesReader.TryRead"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> flagsAndList, out BasicProperties properties)
    {
        properties = new BasicProperties();
        if (!BasicPropertiesReader.TryRead(flagsAndList, out var reader)) return false;
        if (reader.Has(BasicPropertyFlags.ContentType)) properties.ContentType = Text(reader.ContentType);
        if (reader.Has(BasicPropertyFlags.ContentEncoding)) properties.ContentEncoding = Text(reader.ContentEncoding);
        if (reader.Has(BasicPropertyFlags.Headers)) properties.Headers = FieldTable.FromChecked(reader.HeadersBytes);
        if (reader.Has(BasicPropertyFlags.DeliveryMode)) properties.DeliveryMode = reader.DeliveryMode;
        if (reader.Has(BasicPropertyFlags.Priority)) properties.Priority = reader.Priority;
        if (reader.Has(BasicPropertyFlags.CorrelationId)) properties.CorrelationId = Text(reader.CorrelationId);
        if (reader.Has(BasicPropertyFlags.ReplyTo)) properties.ReplyTo = Text(reader.ReplyTo);
        if (reader.Has(BasicPropertyFlags.Expiration)) properties.Expiration = Text(reader.Expiration);
        if (reader.Has(BasicPropertyFlags.MessageId)) properties.MessageId = Text(reader.MessageId);
        if (reader.Has(BasicPropertyFlags.Timestamp)) properties.Timestamp = reader.Timestamp;
        if (reader.Has(BasicPropertyFlags.Type)) properties.Type = Text(reader.Type);
        if (reader.Has(BasicPropertyFlags.UserId)) properties.UserId = Text(reader.UserId);
        if (reader.Has(BasicPropertyFlags.AppId)) properties.AppId = Text(reader.AppId);
        if (reader.Has(BasicPropertyFlags.ClusterId)) properties.ClusterId = Text(reader.ClusterId);
        return true;
    }

    private BasicPropertyFlags Flags =>
        Flag(ContentType, BasicPropertyFlags.ContentType)
        | Flag(ContentEncoding, BasicPropertyFlags.ContentEncoding)
        | Flag(Headers, BasicPropertyFlags.Headers)
        | Flag(DeliveryMode, BasicPropertyFlags.DeliveryMode)
        | Flag(Priority, BasicPropertyFlags.Priority)
        | Flag(CorrelationId, BasicPropertyFlags.CorrelationId)
        | Flag(ReplyTo, BasicPropertyFlags.ReplyTo)
        | Flag(Expiration, BasicPropertyFlags.Expiration)
        | Flag(MessageId, BasicPropertyFlags.MessageId)
        | Flag(Timestamp, BasicPropertyFlags.Timestamp)
        | Flag(Type, BasicPropertyFlags.Type)
        | Flag(UserId, BasicPropertyFlags.UserId)
        | Flag(AppId, BasicPropertyFlags.AppId)
        | Flag(ClusterId, BasicPropertyFlags.ClusterId);

    private static BasicPropertyFlags Flag(object? value, BasicPropertyFlags flag) =>
        value is null ? BasicPropertyFlags.None : flag;

    private static int Size(string? value) => value is null ? 0 : AmqpWriter.ShortStringSize(value);

    private static void Write(ref AmqpWriter writer, string? value)
    {
        if (value is not null) writer.ShortString(value);
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);
}
