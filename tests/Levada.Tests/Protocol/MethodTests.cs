using System.Reflection;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Protocol;

/// <summary>Every method: written, read back, cut short at every octet, and with something left over.</summary>
public class MethodTests
{
    private static readonly FieldTable Arguments = new FieldTable()
        .Add("x-max-length", 10)
        .Add("x-nested", new FieldTable().Add("ü", "ß"));

    private readonly HashSet<uint> _seen = [];

    [Fact]
    public void Every_method_round_trips_and_refuses_short_and_long_arguments()
    {
        ConnectionMethods();
        ChannelMethods();
        ExchangeMethods();
        QueueMethods();
        BasicMethods();
        Check(new ConfirmSelect(NoWait: true));
        Check(new ConfirmSelectOk());
        Check(new TxSelect());
        Check(new TxSelectOk());
        Check(new TxCommit());
        Check(new TxCommitOk());
        Check(new TxRollback());
        Check(new TxRollbackOk());
        var declared = typeof(MethodId).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (uint)field.GetRawConstantValue()!);
        Assert.Equal(declared.Order(), _seen.Order());
    }

    private void ConnectionMethods()
    {
        Check(new ConnectionStart(0, 9, Arguments, "PLAIN AMQPLAIN", "en_US"));
        Check(new ConnectionStartOk(Arguments, "PLAIN", "\0guest\0guest"u8.ToArray(), "en_US"));
        Check(new ConnectionSecure([1, 2, 3]));
        Check(new ConnectionSecureOk([4]));
        Check(new ConnectionTune(2047, 131072, 60));
        Check(new ConnectionTuneOk(1, 4096, 0));
        Check(new ConnectionOpen("/"));
        Check(new ConnectionOpenOk());
        Check(new ConnectionClose(320, "CONNECTION_FORCED - bye", 10, 40));
        Check(new ConnectionCloseOk());
        Check(new ConnectionBlocked("low on disk"));
        Check(new ConnectionUnblocked());
        Check(new ConnectionUpdateSecret([9, 9], "expired"));
        Check(new ConnectionUpdateSecretOk());
    }

    private void ChannelMethods()
    {
        Check(new ChannelOpen());
        Check(new ChannelOpenOk());
        Check(new ChannelFlow(true));
        Check(new ChannelFlowOk(true));
        Check(new ChannelClose(404, "NOT_FOUND - no queue 'q' in vhost '/'", 50, 10));
        Check(new ChannelCloseOk());
    }

    private void ExchangeMethods()
    {
        Check(new ExchangeDeclare("e", "topic", Durable: true, Internal: true, Arguments: Arguments));
        Check(new ExchangeDeclareOk());
        Check(new ExchangeDelete("e", IfUnused: true));
        Check(new ExchangeDeleteOk());
        Check(new ExchangeBind("d", "s", "k", Arguments: Arguments));
        Check(new ExchangeBindOk());
        Check(new ExchangeUnbind("d", "s", "k", NoWait: true));
        Check(new ExchangeUnbindOk());
    }

    private void QueueMethods()
    {
        Check(new QueueDeclare("q", Passive: true, AutoDelete: true, NoWait: true, Arguments: Arguments));
        Check(new QueueDeclareOk("q", 1, 2));
        Check(new QueueBind("q", "e", "k", Arguments: Arguments));
        Check(new QueueBindOk());
        Check(new QueueUnbind("q", "e", "k", Arguments));
        Check(new QueueUnbindOk());
        Check(new QueuePurge("q", NoWait: true));
        Check(new QueuePurgeOk(uint.MaxValue));
        Check(new QueueDelete("q", IfEmpty: true));
        Check(new QueueDeleteOk(3));
    }

    private void BasicMethods()
    {
        Check(new BasicQos(0, 100, Global: true));
        Check(new BasicQosOk());
        Check(new BasicConsume("q", "tag", NoAck: true, NoWait: true, Arguments: Arguments));
        Check(new BasicConsumeOk("tag"));
        Check(new BasicCancel("tag", NoWait: true));
        Check(new BasicCancelOk("tag"));
        Check(new BasicPublish("e"u8, "key"u8, mandatory: true));
        Check(new BasicReturn(312, "NO_ROUTE", "e"u8, "key"u8));
        Check(new BasicDeliver("tag"u8, ulong.MaxValue, true, "e"u8, "key"u8));
        Check(new BasicGet("q", NoAck: true));
        Check(new BasicGetOk(7, true, "e"u8, "key"u8, 42));
        Check(new BasicGetEmpty());
        Check(new BasicAck(5, Multiple: true));
        Check(new BasicReject(6, true));
        Check(new BasicRecoverAsync(true));
        Check(new BasicRecover(true));
        Check(new BasicRecoverOk());
        Check(new BasicNack(8, Requeue: true));
    }

    private void Check<T>(in T method) where T : IMethod<T>, allows ref struct
    {
        Assert.True(_seen.Add(T.Id));
        var name = MethodId.Name(T.Id);
        Assert.True(MethodId.IsKnown(T.Id), name);
        Assert.Equal(typeof(T).Name, Pascal(name));

        // One octet more than needed shows a method that writes beyond its size.
        var bytes = new byte[method.Size + 1];
        bytes[^1] = 0x55;
        Assert.Equal(method.Size, method.Write(bytes));
        Assert.Equal(0x55, bytes[^1]);

        Assert.True(T.TryRead(bytes.AsSpan(..^1), out var read), name);
        var again = new byte[bytes.Length - 1];
        Assert.Equal(again.Length, read.Write(again));
        Assert.Equal(bytes[..^1], again);

        CheckDescription<T>(name, again);

        Assert.False(T.TryRead(bytes, out _), name + " with an octet left over");
        for (var length = 0; length < bytes.Length - 1; length++)
        {
            Assert.False(T.TryRead(bytes.AsSpan(0, length), out _), $"{name} cut to {length}");
        }
    }

    // The description has the fields of the struct, and leads through what the struct has written.
    private static void CheckDescription<T>(string name, byte[] args) where T : IMethod<T>, allows ref struct
    {
        Assert.True(MethodArguments.TryGet(T.Id, out var arguments), name);
        var reader = new AmqpReader(args);
        var named = new List<string>();
        foreach (var argument in arguments)
        {
            Tracing.ArgumentReader.Read(ref reader, argument.Type);
            if (argument.Name.Length > 0)
                named.Add(argument.Name.Replace("_", ""));
        }
        Assert.True(reader.AtEnd, $"{name} is described otherwise");
        var fields = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(p => p.Name).Where(n => n != "Size");
        Assert.Equal(fields.Order(StringComparer.OrdinalIgnoreCase), named.Order(), StringComparer.OrdinalIgnoreCase);
    }

    private static string Pascal(string name) => string.Concat(
        name.Split('.', '-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    [Fact]
    public void Fields_are_read_into_their_places()
    {
        var declare = new QueueDeclare("q", Passive: true, Exclusive: true, Arguments: Arguments);
        Assert.True(QueueDeclare.TryRead(ArgumentsOf(declare), out var queue));
        Assert.Equal(declare, queue);

        var start = new ConnectionStart(0, 9, Arguments, "PLAIN", "en_US");
        Assert.True(ConnectionStart.TryRead(ArgumentsOf(start), out var read));
        Assert.Equal(start, read);

        var deliver = new BasicDeliver("tag"u8, 7, true, "e"u8, "key"u8);
        Assert.True(BasicDeliver.TryRead(ArgumentsOf(deliver), out var delivered));
        Assert.Equal("tag"u8, delivered.ConsumerTag);
        Assert.Equal(7ul, delivered.DeliveryTag);
        Assert.True(delivered.Redelivered);
        Assert.Equal("e"u8, delivered.Exchange);
        Assert.Equal("key"u8, delivered.RoutingKey);

        var publish = new BasicPublish("e"u8, "key"u8, mandatory: false, immediate: true);
        Assert.True(BasicPublish.TryRead(ArgumentsOf(publish), out var published));
        Assert.Equal("e"u8, published.Exchange);
        Assert.Equal("key"u8, published.RoutingKey);
        Assert.False(published.Mandatory);
        Assert.True(published.Immediate);
    }

    [Fact]
    public void Golden_octets_of_method_frames()
    {
        // queue.declare on channel 1: queue "q", durable, no arguments.
        Assert.Equal(
            "01 0001 0000000D 0032 000A 0000 01 71 02 00000000 CE".Replace(" ", ""),
            FrameOf(1, new QueueDeclare("q", Durable: true)));
        // basic.ack of 258 and all before it on channel 65535.
        Assert.Equal(
            "01 FFFF 0000000D 003C 0050 0000000000000102 01 CE".Replace(" ", ""),
            FrameOf(65535, new BasicAck(258, Multiple: true)));
        // connection.tune-ok.
        Assert.Equal(
            "01 0000 0000000C 000A 001F 07FF 00020000 003C CE".Replace(" ", ""),
            FrameOf(0, new ConnectionTuneOk(2047, 131072, 60)));
        // exchange.declare: the bits are passive, durable, auto-delete, internal, no-wait from the lowest.
        Assert.Equal(
            "01 0001 00000014 0028 000A 0000 01 65 06 66616E6F7574 0A 00000000 CE".Replace(" ", ""),
            FrameOf(1, new ExchangeDeclare("e", "fanout", Durable: true, Internal: true)));
    }

    [Theory]
    [InlineData(MethodId.BasicPublish, "basic.publish")]
    [InlineData(MethodId.ConnectionUpdateSecretOk, "connection.update-secret-ok")]
    [InlineData((30u << 16) | 10, "30.10")]
    public void Methods_have_names(uint id, string name)
    {
        Assert.Equal(name, MethodId.Name(id));
        Assert.Equal(!char.IsDigit(name[0]), MethodId.IsKnown(id));
    }

    [Fact]
    public void A_name_that_is_not_utf8_is_refused()
    {
        var bytes = ArgumentsOf(new QueuePurge("qq"));
        bytes[3] = 0xFF;
        Assert.False(QueuePurge.TryRead(bytes, out _));
    }

    [Fact]
    public void Random_octets_never_throw()
    {
        var random = new Random(20260917);
        var bytes = new byte[300];
        for (var round = 0; round < 20_000; round++)
        {
            var args = bytes.AsSpan(0, random.Next(bytes.Length));
            random.NextBytes(args);
            // Small lengths reach further into the arguments.
            for (var i = 0; i < args.Length; i += 1 + random.Next(3)) args[i] = (byte)random.Next(4);
            BasicPublish.TryRead(args, out _);
            BasicDeliver.TryRead(args, out _);
            BasicGetOk.TryRead(args, out _);
            BasicReturn.TryRead(args, out _);
            BasicAck.TryRead(args, out _);
            QueueDeclare.TryRead(args, out _);
            ConnectionStart.TryRead(args, out _);
            ConnectionStartOk.TryRead(args, out _);
            ExchangeBind.TryRead(args, out _);
            BasicConsume.TryRead(args, out _);
            ContentHeader.TryRead(args, out _);
            BasicProperties.TryDecode(args, out _);
            FieldTable.TryDecode(args, out _);
        }
    }

    private static byte[] ArgumentsOf<T>(in T method) where T : IMethod<T>, allows ref struct
    {
        var bytes = new byte[method.Size];
        method.Write(bytes);
        return bytes;
    }

    private static string FrameOf<T>(ushort channel, in T method) where T : IMethod<T>, allows ref struct
    {
        var bytes = new byte[FrameWriter.MethodSize(method)];
        Assert.Equal(bytes.Length, FrameWriter.WriteMethod(bytes, channel, method));
        return Convert.ToHexString(bytes);
    }
}
