using System.Buffers.Binary;
using System.Text;
using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. Octets that are short or make no sense set <see cref="Failed"/>, and
/// then everything read is empty.
/// </summary>
internal ref struct RecordReader(ReadOnlySpan<byte> content)
{
    private ReadOnlySpan<byte> _rest = content;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty || Failed;

    /// <summary>The number that a mark gives; null for every other record.</summary>
    public static ulong? DurableMark(ReadOnlySpan<byte> content)
    {
        var reader = new RecordReader(content);
        return reader.Kind() == RecordKind.Durable ? reader.U64() : null;
    }

    /// <summary>The first step of a damaged record as far as it can be made out: for the log only.</summary>
    public static string Describe(ReadOnlySpan<byte> content)
    {
        var reader = new RecordReader(content);
        var kind = reader.Kind();
        var names = kind switch
        {
            RecordKind.VHostSet or RecordKind.VHostRemoved or RecordKind.UserSet or RecordKind.UserRemoved => 1,
            RecordKind.VHostMetadataSet => 1,
            RecordKind.ExchangeAdded or RecordKind.DelayedExchangeAdded or RecordKind.ExchangeRemoved => 2,
            RecordKind.QueueAdded or RecordKind.TypedQueueAdded or RecordKind.QueueRemoved => 2,
            RecordKind.QueuePaused or RecordKind.ExchangeDelayed => 2,
            RecordKind.BindingAdded or RecordKind.BindingRemoved => 2,
            RecordKind.PolicySet or RecordKind.PolicyRemoved => 2,
            RecordKind.ParameterSet or RecordKind.ParameterRemoved => 3,
            RecordKind.GlobalParameterSet or RecordKind.GlobalParameterRemoved => 1,
            _ => 0,
        };
        var text = Enum.IsDefined(kind) ? kind.ToString() : "";
        for (var i = 0; i < names; i++)
            text += ' ' + reader.Text();
        return reader.Failed ? "" : string.Concat(text.Where(c => !char.IsControl(c)));
    }

    /// <summary>Ends the reading; returns null, as there is no text for it.</summary>
    public string? Fail()
    {
        Failed = true;
        return null;
    }

    public RecordKind Kind() => (RecordKind)U8();

    public byte U8() => Take(1) is [var octet] ? octet : (byte)0;

    public bool Bool() => U8() != 0;

    public int I32() => Take(4) is { Length: 4 } octets ? BinaryPrimitives.ReadInt32LittleEndian(octets) : 0;

    public ulong U64() => Take(8) is { Length: 8 } octets ? BinaryPrimitives.ReadUInt64LittleEndian(octets) : 0;

    /// <summary>A limit; null for none.</summary>
    public int? Limit() => I32() is >= 0 and var limit ? limit : null;

    /// <summary>A length or count, seven bits an octet, the lowest first.</summary>
    public int Count()
    {
        long count = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var octet = U8();
            count |= (long)(octet & 0x7F) << shift;
            if ((octet & 0x80) == 0)
                break;
        }

        if (count is >= 0 and <= int.MaxValue)
            return (int)count;
        Failed = true;
        return 0;
    }

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public byte[] Bytes() => Take(Count()).ToArray();

    public FieldTable Table()
    {
        if (FieldTable.TryDecode(Take(I32()), out var table))
            return table;
        Failed = true;
        return FieldTable.Empty;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (Failed || (uint)length > (uint)_rest.Length)
        {
            Failed = true;
            return default;
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
