using System.Runtime.InteropServices;
using System.Text;
using Levada.Amqp;
using Levada.Protocol;

namespace Levada.Tracing;

/// <summary>From what a ring keeps to what people read. It shows no more than it is told to.</summary>
/// <param name="withHeaders">The values of the headers are shown; else only which there are.</param>
/// <param name="withBodies">What was kept of bodies is shown.</param>
internal sealed class TraceDecoder(bool withHeaders, bool withBodies)
{
    private const int MethodIdSize = 4;

    /// <param name="sequence">Its number.</param>
    /// <param name="from">Begins with the entry.</param>
    /// <param name="size">Octets of the entry.</param>
    public TraceEntry Decode(long sequence, ReadOnlySpan<byte> from, out int size)
    {
        var record = MemoryMarshal.Read<TraceRecord>(from);
        size = TraceRecord.Size + record.PayloadLength;
        var kept = from[TraceRecord.Size..size];
        var method = kept[..record.MethodLength];
        var entry = new TraceEntry
        {
            Sequence = sequence,
            Time = new DateTimeOffset(record.Ticks, TimeSpan.Zero),
            IsOut = record.Has(TraceFlags.Out),
            Channel = record.Channel,
            Kind = record.Kind,
            Method = NameOf(record.Kind),
        };
        switch (record.Kind)
        {
            case TraceKind.Method:
                return WithContent(OfMethod(entry, record, method), record, kept);
            case TraceKind.Content:
                return WithContent(entry with { BodySize = record.BodySize }, record, kept);
            case TraceKind.NoFrame:
                return entry with
                {
                    Arguments = new FieldTable().Add("octets", ArgumentReader.Number(record.BodySize)),
                    Error = record.Has(TraceFlags.Fault) ? "this is no frame of AMQP 0-9-1" : null,
                };
            case TraceKind.End:
                var text = Encoding.UTF8.GetString(method);
                return entry with
                {
                    Arguments = new FieldTable().Add("reason", text),
                    Error = record.Has(TraceFlags.Fault) ? text : null,
                };
            default:
                return entry;
        }
    }

    private static string NameOf(TraceKind kind) => kind switch
    {
        TraceKind.Heartbeat => "heartbeat",
        TraceKind.Content => "content",
        TraceKind.NoFrame => "no frame",
        _ => "end",
    };

    private static TraceEntry OfMethod(TraceEntry entry, TraceRecord record, ReadOnlySpan<byte> method)
    {
        var id = Connection.FrameMethod(method);
        var isCut = record.Has(TraceFlags.MethodCut);
        var isKnown = MethodArguments.TryGet(id, out var arguments);
        var shown = new FieldTable();
        var reader = new AmqpReader(method[MethodIdSize..]);
        foreach (var argument in arguments)
        {
            var value = ArgumentReader.Read(ref reader, argument.Type);
            if (reader.Failed)
                break;
            if (argument.Name.Length > 0)
                shown.Add(argument.Name, value);
        }
        entry = entry with { Method = MethodId.Name(id), Arguments = shown };
        return entry with
        {
            Error = isCut ? "too long to be kept: the last arguments are missing"
                : !isKnown ? "no method of AMQP 0-9-1"
                : !reader.AtEnd ? "the arguments cannot be decoded"
                : TraceErrors.Of(id, entry),
        };
    }

    private TraceEntry WithContent(TraceEntry entry, TraceRecord record, ReadOnlySpan<byte> kept)
    {
        if (!record.Has(TraceFlags.Header))
        {
            return record.Kind == TraceKind.Method && MethodArguments.HasContent(Connection.FrameMethod(kept))
                ? entry with { Error = entry.Error ?? "its content header has not come" }
                : entry;
        }
        var properties = kept.Slice(record.MethodLength, record.PropertiesLength);
        var isReadable = BasicPropertiesReader.TryRead(properties, out var read);
        var error = record.Has(TraceFlags.PropertiesCut) ? "the properties are too long to be kept"
            : isReadable ? null : "the properties cannot be decoded";
        return entry with
        {
            Properties = isReadable ? PropertiesOf(read) : null,
            BodySize = record.BodySize,
            Body = withBodies && record.BodyLength > 0 ? kept[^record.BodyLength..].ToArray() : null,
            Error = entry.Error ?? error,
        };
    }

    private FieldTable PropertiesOf(BasicPropertiesReader read)
    {
        var table = new FieldTable();
        Add(table, read, BasicPropertyFlags.ContentType, "content_type", read.ContentType);
        Add(table, read, BasicPropertyFlags.ContentEncoding, "content_encoding", read.ContentEncoding);
        if (read.Has(BasicPropertyFlags.Headers))
        {
            FieldTable.TryDecode(read.HeadersBytes, out var headers);
            table.Add("headers", FieldValue.Table(withHeaders ? headers : ArgumentReader.Masked(headers)));
        }
        if (read.Has(BasicPropertyFlags.DeliveryMode))
            table.Add("delivery_mode", read.DeliveryMode);
        if (read.Has(BasicPropertyFlags.Priority))
            table.Add("priority", read.Priority);
        Add(table, read, BasicPropertyFlags.CorrelationId, "correlation_id", read.CorrelationId);
        Add(table, read, BasicPropertyFlags.ReplyTo, "reply_to", read.ReplyTo);
        Add(table, read, BasicPropertyFlags.Expiration, "expiration", read.Expiration);
        Add(table, read, BasicPropertyFlags.MessageId, "message_id", read.MessageId);
        if (read.Has(BasicPropertyFlags.Timestamp))
            table.Add("timestamp", ArgumentReader.Number(read.Timestamp));
        Add(table, read, BasicPropertyFlags.Type, "type", read.Type);
        Add(table, read, BasicPropertyFlags.UserId, "user_id", read.UserId);
        Add(table, read, BasicPropertyFlags.AppId, "app_id", read.AppId);
        Add(table, read, BasicPropertyFlags.ClusterId, "cluster_id", read.ClusterId);
        return table;
    }

    private static void Add(
        FieldTable table, BasicPropertiesReader read, BasicPropertyFlags property, string name,
        ReadOnlySpan<byte> value)
    {
        if (read.Has(property))
            table.Add(name, FieldValue.String(value));
    }
}
