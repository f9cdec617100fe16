using System.Text;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Protocol;

/// <summary>Short strings are cut at 255 octets, never within a character; bits share octets.</summary>
public class AmqpTextTests
{
    [Theory]
    [InlineData(255, "", 255)]
    [InlineData(256, "", 255)]
    [InlineData(254, "ü", 254)]
    [InlineData(253, "ü", 255)]
    [InlineData(253, "€", 253)]
    [InlineData(252, "€", 255)]
    [InlineData(252, "😀", 252)]
    [InlineData(251, "😀x", 255)]
    public void A_short_string_is_cut_on_a_utf8_boundary(int letters, string tail, int octets)
    {
        var text = new string('a', letters) + tail;
        var bytes = new byte[300];
        var writer = new AmqpWriter(bytes);
        writer.ShortString(text);
        Assert.Equal(1 + octets, writer.Position);
        Assert.Equal(1 + octets, AmqpWriter.ShortStringSize(text));
        var reader = new AmqpReader(bytes.AsSpan(0, writer.Position));
        Assert.StartsWith(reader.ShortText(), text, StringComparison.Ordinal);
        Assert.True(reader.AtEnd);
        // The same room exactly is enough, one less is a mistake of the caller.
        new AmqpWriter(bytes.AsSpan(0, 1 + octets)).ShortString(text);
        Assert.Throws<ArgumentException>(() => new AmqpWriter(bytes.AsSpan(0, octets)).ShortString(text));
    }

    [Fact]
    public void A_cut_reply_text_survives_in_a_close_method()
    {
        var close = new ChannelClose(404, "NOT_FOUND - no queue '" + new string('ü', 200) + "'", 50, 10);
        var bytes = new byte[close.Size];
        Assert.Equal(bytes.Length, close.Write(bytes));
        Assert.True(ChannelClose.TryRead(bytes, out var read));
        Assert.InRange(Encoding.UTF8.GetByteCount(read.ReplyText), 254, 255);
        Assert.StartsWith(read.ReplyText, close.ReplyText, StringComparison.Ordinal);
    }

    [Fact]
    public void Nine_bits_take_two_octets_and_another_type_starts_a_new_one()
    {
        var reader = new AmqpReader([0b1010_0101, 0b1, 7, 0b10]);
        bool[] bits = [true, false, true, false, false, true, false, true, true];
        foreach (var bit in bits) Assert.Equal(bit, reader.Bit());
        Assert.Equal(7, reader.U8());
        Assert.False(reader.Bit());
        Assert.True(reader.Bit());
        Assert.True(reader.AtEnd);
    }

    [Fact]
    public void A_failed_reader_gives_defaults_and_stays_failed()
    {
        var reader = new AmqpReader([5, 1, 2]);
        Assert.True(reader.ShortString().IsEmpty);
        Assert.True(reader.Failed);
        Assert.Equal(0, reader.U8());
        Assert.Equal(0ul, reader.U64());
        Assert.False(reader.Bit());
        Assert.Equal("", reader.LongText());
        Assert.Same(FieldTable.Empty, reader.Table());
        Assert.False(reader.AtEnd);
    }
}
