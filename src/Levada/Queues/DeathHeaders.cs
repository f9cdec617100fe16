using System.Buffers.Binary;
using Levada.Protocol;

namespace Levada.Queues;

/// <summary>
/// What a message's headers say of its deaths, as RabbitMQ writes it: x-death with a table for each queue and reason,
/// the latest first, and the first and the last death beside it. What a client sent under these names is overwritten.
/// </summary>
internal static class DeathHeaders
{
    /// <summary>Octets that suffice for the entries of one death more.</summary>
    public static int SizeMax(ReadOnlySpan<byte> headers) => (2 * headers.Length) + 3072;

    /// <summary>Writes the entries of the headers table with this death; returns the octets written.</summary>
    public static int Write(Span<byte> to, scoped in Death death)
    {
        var writer = new AmqpWriter(to);
        ReadOnlySpan<byte> deaths = default;
        for (var reader = new FieldTableReader(death.Headers); reader.Next();)
        {
            if (reader.Key.SequenceEqual("x-death"u8))
                deaths = death.HasDeaths && reader.Type == FieldType.Array ? reader.Value : default;
            else if (!IsReplaced(reader.Key, death))
                writer.Raw(death.Headers[reader.EntryStart..reader.EntryEnd]);
        }
        if (!death.HasDeaths)
        {
            Text(ref writer, "x-first-death-exchange"u8, death.Exchange);
            Text(ref writer, "x-first-death-queue"u8, death.Queue);
            Text(ref writer, "x-first-death-reason"u8, death.Reason.Name());
        }
        Text(ref writer, "x-last-death-exchange"u8, death.Exchange);
        Text(ref writer, "x-last-death-queue"u8, death.Queue);
        Text(ref writer, "x-last-death-reason"u8, death.Reason.Name());
        writer.ShortString("x-death"u8);
        writer.U8((byte)FieldType.Array);
        var lengthAt = Skip(ref writer);
        WriteDeaths(ref writer, to, death, deaths);
        EndLength(to, lengthAt, writer.Position);
        return writer.Position;
    }

    /// <summary>
    /// Whether a message that just died would come to a queue where it died before, without anybody having rejected it
    /// since: it would go round for ever.
    /// </summary>
    public static bool IsCycle(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> target)
    {
        for (var reader = new FieldTableReader(headers); reader.Next();)
        {
            if (!reader.Key.SequenceEqual("x-death"u8))
                continue;
            for (var deaths = new FieldArrayReader(reader.Value); deaths.Next();)
            {
                if (Field(deaths.Value, "reason"u8).SequenceEqual("rejected"u8))
                    return false;
                if (Field(deaths.Value, "queue"u8).SequenceEqual(target))
                    return true;
            }
        }
        return false;
    }

    // Under the broker's names, but the first death stays what it was. Without its CC if it gets a key of the queue's.
    private static bool IsReplaced(ReadOnlySpan<byte> key, scoped in Death death) =>
        key.StartsWith("x-last-death-"u8) || (!death.HasDeaths && key.StartsWith("x-first-death-"u8))
        || (death.LosesCopies && key.SequenceEqual("CC"u8));

    private static void WriteDeaths(
        ref AmqpWriter writer, Span<byte> to, scoped in Death death, ReadOnlySpan<byte> deaths)
    {
        var known = Find(deaths, death);
        if (known.IsEmpty)
            WriteDeath(ref writer, to, death);
        else
            WriteAgain(ref writer, to, known);
        for (var reader = new FieldArrayReader(deaths); reader.Next();)
        {
            if (reader.Value.Overlaps(known))
                continue;
            writer.U8((byte)FieldType.Table);
            writer.LongString(reader.Value);
        }
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> deaths, scoped in Death death)
    {
        for (var reader = new FieldArrayReader(deaths); reader.Next();)
        {
            if (Field(reader.Value, "queue"u8).SequenceEqual(death.Queue)
                && Field(reader.Value, "reason"u8).SequenceEqual(death.Reason.Name()))
            {
                return reader.Value;
            }
        }
        return default;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> table, ReadOnlySpan<byte> name)
    {
        for (var reader = new FieldTableReader(table); reader.Next();)
        {
            if (reader.Key.SequenceEqual(name))
                return reader.Value;
        }
        return default;
    }

    // The same queue and reason as before: only the count moves.
    private static void WriteAgain(ref AmqpWriter writer, Span<byte> to, ReadOnlySpan<byte> table)
    {
        writer.U8((byte)FieldType.Table);
        writer.LongString(table);
        var start = writer.Position - table.Length;
        for (var reader = new FieldTableReader(table); reader.Next();)
        {
            if (!reader.Key.SequenceEqual("count"u8) || reader.Type != FieldType.Long)
                continue;
            var count = BinaryPrimitives.ReadInt64BigEndian(reader.Value);
            BinaryPrimitives.WriteInt64BigEndian(to[(start + reader.EntryEnd - sizeof(long))..], count + 1);
        }
    }

    private static void WriteDeath(ref AmqpWriter writer, Span<byte> to, scoped in Death death)
    {
        writer.U8((byte)FieldType.Table);
        var tableAt = Skip(ref writer);
        writer.ShortString("count"u8);
        writer.U8((byte)FieldType.Long);
        writer.U64(1);
        Text(ref writer, "reason"u8, death.Reason.Name());
        Text(ref writer, "queue"u8, death.Queue);
        writer.ShortString("time"u8);
        writer.U8((byte)FieldType.Timestamp);
        writer.U64((ulong)(death.TimeMs / 1000));
        Text(ref writer, "exchange"u8, death.Exchange);
        writer.ShortString("routing-keys"u8);
        writer.U8((byte)FieldType.Array);
        var keysAt = Skip(ref writer);
        WriteKey(ref writer, death.RoutingKey);
        for (var reader = new FieldTableReader(death.Headers); reader.Next();)
        {
            if (reader.Key.SequenceEqual("CC"u8) && reader.Type == FieldType.Array)
                WriteCopies(ref writer, reader.Value);
        }
        EndLength(to, keysAt, writer.Position);
        if (!death.Expiration.IsEmpty)
            Text(ref writer, "original-expiration"u8, death.Expiration);
        EndLength(to, tableAt, writer.Position);
    }

    private static void WriteCopies(ref AmqpWriter writer, ReadOnlySpan<byte> keys)
    {
        for (var key = new FieldArrayReader(keys); key.Next();)
        {
            if (key.Type == FieldType.LongString)
                WriteKey(ref writer, key.Value);
        }
    }

    private static void WriteKey(ref AmqpWriter writer, ReadOnlySpan<byte> key)
    {
        writer.U8((byte)FieldType.LongString);
        writer.LongString(key);
    }

    private static void Text(ref AmqpWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        writer.ShortString(name);
        WriteKey(ref writer, value);
    }

    private static int Skip(ref AmqpWriter writer)
    {
        writer.U32(0);
        return writer.Position - sizeof(uint);
    }

    private static void EndLength(Span<byte> to, int at, int end) =>
        BinaryPrimitives.WriteInt32BigEndian(to[at..], end - at - sizeof(uint));
}
