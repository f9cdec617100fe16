using System.Globalization;
using Levada.Protocol;

namespace Levada.Tracing;

/// <summary>Reads an argument of any type as a value that can be shown.</summary>
internal static class ArgumentReader
{
    private const string Mask = "***";

    public static FieldValue Read(ref AmqpReader reader, ArgumentType type)
    {
        switch (type)
        {
            case ArgumentType.Bit: return FieldValue.Boolean(reader.Bit());
            case ArgumentType.Octet: return FieldValue.Int(reader.U8());
            case ArgumentType.Short: return FieldValue.Int(reader.U16());
            case ArgumentType.Long: return FieldValue.Long(reader.U32());
            case ArgumentType.LongLong: return Number(reader.U64());
            case ArgumentType.ShortString: return FieldValue.String(reader.ShortString());
            case ArgumentType.LongString: return FieldValue.String(reader.LongString());
            case ArgumentType.Table: return FieldValue.Table(reader.Table());
            default:
                reader.LongString();
                return FieldValue.String(Mask);
        }
    }

    /// <summary>A table has no type for the largest numbers; they are shown as text.</summary>
    public static FieldValue Number(ulong value) => value <= long.MaxValue
        ? FieldValue.Long((long)value)
        : FieldValue.String(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The table with its keys, but not what they are.</summary>
    public static FieldTable Masked(FieldTable table)
    {
        var masked = new FieldTable();
        foreach (var (key, _) in table)
            masked.Add(key, Mask);
        return masked;
    }
}
