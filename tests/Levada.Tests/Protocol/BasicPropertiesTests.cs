using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Protocol;

public class BasicPropertiesTests
{
    private static BasicProperties All() => new()
    {
        ContentType = "text/plain",
        ContentEncoding = "gzip",
        Headers = new FieldTable().Add("BCC", FieldValue.Array(FieldValue.String("x"))).Add("n", 1).Add("BCC", "y"),
        DeliveryMode = 2,
        Priority = 9,
        CorrelationId = "c",
        ReplyTo = "amq.rabbitmq.reply-to",
        Expiration = "60000",
        MessageId = "m",
        Timestamp = 1_700_000_000,
        Type = "t",
        UserId = "guest",
        AppId = "app",
        ClusterId = "",
    };

    [Fact]
    public void All_properties_are_read_where_they_lie()
    {
        var bytes = All().ToBytes();
        Assert.True(BasicPropertiesReader.TryRead(bytes, out var read));
        Assert.Equal("text/plain"u8, read.ContentType);
        Assert.Equal("gzip"u8, read.ContentEncoding);
        Assert.Equal(All().Headers!.ToBytes(), read.HeadersBytes);
        Assert.Equal(2, read.DeliveryMode);
        Assert.Equal(9, read.Priority);
        Assert.Equal("c"u8, read.CorrelationId);
        Assert.Equal("amq.rabbitmq.reply-to"u8, read.ReplyTo);
        Assert.Equal("60000"u8, read.Expiration);
        Assert.Equal("m"u8, read.MessageId);
        Assert.Equal(1_700_000_000ul, read.Timestamp);
        Assert.Equal("t"u8, read.Type);
        Assert.Equal("guest"u8, read.UserId);
        Assert.Equal("app"u8, read.AppId);
        Assert.True(read.Has(BasicPropertyFlags.ClusterId));
        Assert.True(BasicProperties.TryDecode(bytes, out var decoded));
        Assert.Equal(bytes, decoded.ToBytes());
    }

    [Fact]
    public void Each_property_alone_round_trips_and_refuses_other_lengths()
    {
        var all = All();
        foreach (var property in typeof(BasicProperties).GetProperties().Where(p => p.CanWrite))
        {
            var alone = new BasicProperties();
            property.SetValue(alone, property.GetValue(all));
            var bytes = alone.ToBytes();
            Assert.Equal(alone.EncodedLength, bytes.Length);
            Assert.True(BasicProperties.TryDecode(bytes, out var decoded), property.Name);
            Assert.Equal(property.GetValue(all), property.GetValue(decoded));
            Assert.Equal(bytes, decoded.ToBytes());
            Assert.False(BasicPropertiesReader.TryRead([.. bytes, 0], out _), property.Name);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.False(BasicPropertiesReader.TryRead(bytes.AsSpan(0, length), out _), property.Name);
            }
        }
    }

    [Fact]
    public void No_property_at_all_is_two_octets()
    {
        Assert.True(BasicPropertiesReader.TryRead([0, 0], out var none));
        Assert.Equal(0, none.DeliveryMode);
        Assert.True(none.ReplyTo.IsEmpty);
        Assert.Equal([0, 0], new BasicProperties().ToBytes());
        Assert.Equal([0x10, 0, 2], new BasicProperties { DeliveryMode = 2 }.ToBytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void C14_reserved_flags_are_refused(byte flag) =>
        Assert.False(BasicPropertiesReader.TryRead([0x10, flag, 2], out _));

    [Fact]
    public void A_garbled_headers_table_is_refused() =>
        Assert.False(BasicPropertiesReader.TryRead([0x20, 0, 0, 0, 0, 3, 1, (byte)'k', (byte)'Z'], out _));

    [Fact]
    public void Reading_allocates_nothing()
    {
        var bytes = All().ToBytes();
        BasicPropertiesReader.TryRead(bytes, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = 0;
        for (var i = 0; i < 1000; i++)
        {
            if (BasicPropertiesReader.TryRead(bytes, out var read)) length += read.ReplyTo.Length + read.UserId.Length;
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(26_000, length);
    }

    [Fact]
    public void Reply_to_is_replaced_or_added()
    {
        var changed = All();
        changed.ReplyTo = "amq.rabbitmq.reply-to.abc";
        Assert.Equal(changed.ToBytes(), WithReplyTo(All()));
        Assert.Equal(
            new BasicProperties { Priority = 1, ReplyTo = changed.ReplyTo, Type = "t" }.ToBytes(),
            WithReplyTo(new BasicProperties { Priority = 1, Type = "t" }));
    }

    private static byte[] WithReplyTo(BasicProperties properties)
    {
        var replyTo = "amq.rabbitmq.reply-to.abc"u8;
        var before = properties.ToBytes();
        var after = new byte[before.Length + replyTo.Length + 1];
        return after[..BasicPropertiesRewriter.ReplaceReplyTo(before, replyTo, after)];
    }

    [Fact]
    public void A_header_is_removed_in_all_its_entries()
    {
        var before = All().ToBytes();
        var after = new byte[before.Length];
        var expected = All();
        expected.Headers = new FieldTable().Add("n", 1);
        var written = BasicPropertiesRewriter.RemoveHeader(before, "BCC"u8, after);
        Assert.Equal(expected.ToBytes(), after[..written]);
        byte[] plain = [0x10, 0, 2];
        Assert.Equal(3, BasicPropertiesRewriter.RemoveHeader(plain, "BCC"u8, after));
        Assert.Equal(plain, after[..3]);
    }
}
