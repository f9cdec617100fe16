using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Protocol;

public class FieldTableTests
{
    public static TheoryData<string, string, string> Types => new()
    {
        { "74 01", "bool", "true" },
        { "62 FF", "byte", "-1" },
        { "42 FF", "unsignedbyte", "255" },
        { "73 8000", "short", "-32768" },
        { "75 8000", "unsignedshort", "32768" },
        { "49 FFFFFFFE", "signedint", "-2" },
        { "69 FFFFFFFE", "unsignedint", "4294967294" },
        { "6C 8000000000000000", "long", "-9223372036854775808" },
        { "4C 0000000000000001", "long", "1" },
        { "66 3FC00000", "float", "1.5" },
        { "64 3FF8000000000000", "double", "1.5" },
        { "44 02 FFFFFF85", "decimal", "-1.23" },
        { "53 00000002 C3BC", "longstr", "ü" },
        { "53 00000001 FF", "longstr", "\uFFFD" },
        { "78 00000002 00FF", "binary", "00FF" },
        { "54 0000000065000000", "timestamp", "1694498816" },
        { "56", "void", "void" },
        { "41 00000004 7400 6205", "array", "[false, 5]" },
        { "46 00000004 01 61 7401", "table", "{a: true}" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void C16_every_type_round_trips_exactly(string hex, string typeName, string text)
    {
        var bytes = Convert.FromHexString("016B" + hex.Replace(" ", ""));
        Assert.True(FieldTable.TryDecode(bytes, out var table));
        Assert.True(table.TryGet("k", out var value));
        Assert.Equal(typeName, value.TypeName);
        Assert.Equal(text, value.ToString());
        Assert.Equal((FieldType)bytes[2], value.Type);
        Assert.Equal(bytes, table.ToBytes());
        Assert.Equal(bytes.Length, table.EncodedLength);

        // The walker that does not allocate sees the same.
        var reader = new FieldTableReader(bytes);
        Assert.True(reader.Next());
        Assert.Equal("k"u8, reader.Key);
        Assert.Equal(value, reader.ToFieldValue());
        Assert.Equal(value.TryGetInteger(out var integer), reader.TryGetInteger(out var walked));
        Assert.Equal(value.IsInteger ? integer : 0, walked);
        Assert.False(reader.Next());
        Assert.False(reader.Failed);

        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.False(FieldTable.TryDecode(bytes.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void An_unknown_type_is_refused()
    {
        Assert.False(FieldTable.TryDecode([1, (byte)'k', (byte)'Z'], out _));
        Assert.Throws<FormatException>(() => FieldTable.Decode([1, (byte)'k', (byte)'Z']));
    }

    [Fact]
    public void C16_the_last_of_duplicate_keys_counts_and_all_are_kept()
    {
        var table = new FieldTable().Add("k", 1).Add("other", 2).Add("k", 3);
        var read = FieldTable.Decode(table.ToBytes());
        Assert.True(read.TryGet("k", out var value));
        Assert.Equal(3, value.AsLong);
        Assert.Equal(3, read.Count);
        Assert.Equal(["k", "other", "k"], read.Select(entry => entry.Key));
    }

    [Theory]
    [InlineData(FieldTable.MaxDepth, true)]
    [InlineData(FieldTable.MaxDepth + 1, false)]
    [InlineData(20_000, false)]
    public void C16_nesting_is_bounded(int levels, bool accepted)
    {
        // A frame of nothing but the heads of tables in tables: the cheapest way to go deep.
        Assert.Equal(accepted, FieldTable.TryDecode(Nested(levels, FieldType.Table), out var table));
        Assert.Equal(accepted, FieldTable.TryDecode(Nested(levels, FieldType.Array), out _));
        if (accepted) Assert.Equal(Nested(levels, FieldType.Table), table.ToBytes());
    }

    private static byte[] Nested(int levels, FieldType type)
    {
        // Only the outermost one and tables in it have keys; the items of an array have none.
        var keySize = type == FieldType.Table ? 1 : 0;
        var buffer = new ByteBuffer();
        var inner = (levels - 1) * (5 + keySize) + 1 - keySize;
        for (var level = 1; level < levels; level++)
        {
            inner -= level == 1 ? 6 : 5 + keySize;
            var writer = new AmqpWriter(buffer.GetSpan(6));
            if (level == 1 || keySize == 1) writer.U8(0);
            writer.U8((byte)type);
            writer.U32((uint)inner);
            buffer.Advance(writer.Position);
        }
        var bytes = buffer.WrittenSpan.ToArray();
        buffer.Dispose();
        return bytes;
    }

    [Fact]
    public void A_length_beyond_the_end_is_refused_without_allocating_it()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(FieldTable.TryDecode([0, (byte)'S', 0x7F, 0xFF, 0xFF, 0xFF], out _));
        Assert.False(FieldTable.TryDecode([0, (byte)'A', 0xFF, 0xFF, 0xFF, 0xFF], out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Equality_looks_at_types_and_same_value_at_numbers()
    {
        Assert.NotEqual(FieldValue.Int(1), FieldValue.Long(1));
        Assert.True(FieldValue.Int(1).SameValue(FieldValue.Long(1)));
        Assert.True(FieldValue.Int(1).SameValue(FieldValue.Double(1)));
        Assert.True(FieldValue.Decimal(1, 15).SameValue(FieldValue.Float(1.5f)));
        Assert.False(FieldValue.Int(1).SameValue(FieldValue.String("1")));
        Assert.False(FieldValue.Int(1).SameValue(FieldValue.Boolean(true)));
        Assert.True(FieldValue.Array(FieldValue.Int(1)).SameValue(FieldValue.Array(FieldValue.Long(1))));
        Assert.Equal(FieldValue.String("a"), FieldValue.String("a"u8));
        Assert.NotEqual(FieldValue.String("a"), FieldValue.Binary("a"u8));
        Assert.Equal(new FieldTable().Add("a", 1).Add("b", 2), new FieldTable().Add("b", 2).Add("a", 1));
        Assert.NotEqual(new FieldTable().Add("a", 1).Add("a", 1), new FieldTable().Add("a", 1).Add("b", 2));
        Assert.Equal(FieldType.Void, default(FieldValue).Type);
    }

    [Fact]
    public void The_shared_empty_table_cannot_be_filled() =>
        Assert.Throws<InvalidOperationException>(() => FieldTable.Empty.Add("k", 1));
}
