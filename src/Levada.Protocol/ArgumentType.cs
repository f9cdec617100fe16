namespace Levada.Protocol;

/// <summary>How an argument of a method lies on the wire (spec 4.2.5).</summary>
public enum ArgumentType
{
    Bit,
    Octet,
    Short,
    Long,
    LongLong,
    ShortString,
    LongString,
    Table,

    /// <summary>A long string that nobody may see but who checks it.</summary>
    Secret,
}
