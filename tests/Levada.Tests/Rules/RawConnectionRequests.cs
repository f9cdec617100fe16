using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>
/// A request with the reply that it must get next, for tests in which the request itself is not the point.
/// </summary>
internal static class RawConnectionRequests
{
    // A channel number that no test uses: for publishing on the side, so that a test's own numbering is not disturbed.
    private const ushort SideChannel = 40_000;

    public static QueueDeclareOk DeclareQueue(
        this RawConnection connection, ushort channel, string queue = "", bool passive = false, bool durable = false,
        bool exclusive = false, bool autoDelete = false, FieldTable? arguments = null)
    {
        connection.Send(channel, new QueueDeclare(queue, passive, durable, exclusive, autoDelete, false, arguments));
        return connection.Expect<QueueDeclareOk>(channel);
    }

    /// <summary>A queue of this connection's own; transient.</summary>
    public static string NewQueue(this RawConnection connection, ushort channel) =>
        connection.DeclareQueue(channel, TestBroker.Name("q"), exclusive: true).Queue;

    /// <summary>A queue that other connections may use, to be deleted by the test if it can; transient.</summary>
    public static string NewSharedQueue(this RawConnection connection, ushort channel) =>
        connection.DeclareQueue(channel, TestBroker.Name("q")).Queue;

    public static void Delete(this RawConnection connection, ushort channel, string queue)
    {
        connection.Send(channel, new QueueDelete(queue));
        // Consumers of this channel hear of it before or after, as it comes.
        while (connection.Peek().Is<BasicCancel>())
            connection.Receive();
        connection.Expect<QueueDeleteOk>(channel);
    }

    /// <summary>
    /// Ready messages of a queue. As the queue itself answers, everything that it sent to this connection before has
    /// arrived then: what a test has not read by now was not sent.
    /// </summary>
    public static uint Count(this RawConnection connection, ushort channel, string queue) =>
        connection.DeclareQueue(channel, queue, passive: true).MessageCount;

    /// <summary>Whether there is such a queue; asked on a channel that the answer may close.</summary>
    public static bool Exists(this RawConnection connection, ushort channel, string queue)
    {
        connection.Send(channel, new QueueDeclare(queue, Passive: true));
        if (connection.Peek().Is<QueueDeclareOk>())
        {
            connection.Receive();
            return true;
        }
        connection.ExpectChannelError(channel, 404, "no queue", MethodId.QueueDeclare);
        return false;
    }

    public static void DeclareExchange(
        this RawConnection connection, ushort channel, string exchange, string type = "direct", bool durable = false,
        bool autoDelete = false, bool @internal = false, FieldTable? arguments = null)
    {
        connection.Send(
            channel, new ExchangeDeclare(exchange, type, false, durable, autoDelete, @internal, false, arguments));
        connection.Expect<ExchangeDeclareOk>(channel);
    }

    /// <summary>An exchange with a name of its own that goes when its last binding does.</summary>
    public static string NewExchange(
        this RawConnection connection, ushort channel, string type = "direct", bool @internal = false,
        FieldTable? arguments = null)
    {
        var name = TestBroker.Name(type);
        connection.DeclareExchange(channel, name, type, autoDelete: true, @internal: @internal, arguments: arguments);
        return name;
    }

    public static void Bind(
        this RawConnection connection, ushort channel, string queue, string exchange, string key = "",
        FieldTable? arguments = null)
    {
        connection.Send(channel, new QueueBind(queue, exchange, key, false, arguments));
        connection.Expect<QueueBindOk>(channel);
    }

    public static void SelectConfirms(this RawConnection connection, ushort channel)
    {
        connection.Send(channel, new ConfirmSelect());
        connection.Expect<ConfirmSelectOk>(channel);
    }

    public static void SelectTx(this RawConnection connection, ushort channel)
    {
        connection.Send(channel, new TxSelect());
        connection.Expect<TxSelectOk>(channel);
    }

    public static void Commit(this RawConnection connection, ushort channel)
    {
        connection.Send(channel, new TxCommit());
        connection.Expect<TxCommitOk>(channel);
    }

    public static void Rollback(this RawConnection connection, ushort channel)
    {
        connection.Send(channel, new TxRollback());
        connection.Expect<TxRollbackOk>(channel);
    }

    /// <summary>
    /// Messages that the broker has confirmed when this returns, published on a channel opened for it.
    /// </summary>
    public static void Fill(this RawConnection connection, string queue, params string[] bodies) =>
        connection.Fill(queue, new BasicProperties(), bodies);

    /// <inheritdoc cref="Fill(RawConnection, string, string[])"/>
    public static void Fill(
        this RawConnection connection, string queue, BasicProperties properties, params string[] bodies)
    {
        connection.OpenChannel(SideChannel);
        connection.SelectConfirms(SideChannel);
        foreach (var body in bodies) connection.Publish(SideChannel, "", queue, body, properties);
        connection.ExpectConfirms(SideChannel, bodies.Length);
        connection.CloseChannel(SideChannel);
    }

    /// <summary>Reads acks until this many publishes are confirmed, each exactly once; a nack fails the test.</summary>
    public static void ExpectConfirms(this RawConnection connection, ushort channel, int count, ulong first = 1)
    {
        var open = Enumerable.Range(0, count).Select(i => first + (ulong)i).ToHashSet();
        while (open.Count > 0)
        {
            var ack = connection.Expect<BasicAck>(channel);
            var settled = ack.Multiple
                ? open.RemoveWhere(tag => tag <= ack.DeliveryTag)
                : open.Remove(ack.DeliveryTag) ? 1 : 0;
            Assert.True(settled > 0, $"{ack} confirms nothing that was open");
        }
    }

    public static string Consume(
        this RawConnection connection, ushort channel, string queue, string tag = "", bool noAck = false,
        bool exclusive = false, FieldTable? arguments = null)
    {
        connection.Send(channel, new BasicConsume(queue, tag, false, noAck, exclusive, false, arguments));
        return connection.Expect<BasicConsumeOk>(channel).ConsumerTag;
    }

    public static void Cancel(this RawConnection connection, ushort channel, string tag)
    {
        connection.Send(channel, new BasicCancel(tag));
        Assert.Equal(tag, connection.Expect<BasicCancelOk>(channel).ConsumerTag);
    }

    public static void Qos(this RawConnection connection, ushort channel, ushort count, bool global = false)
    {
        connection.Send(channel, new BasicQos(0, count, global));
        connection.Expect<BasicQosOk>(channel);
    }

    public static RawMessage Get(this RawConnection connection, ushort channel, string queue, bool noAck = false)
    {
        connection.Send(channel, new BasicGet(queue, noAck));
        return connection.ExpectGetOk(channel);
    }

    public static void GetNothing(this RawConnection connection, ushort channel, string queue)
    {
        connection.Send(channel, new BasicGet(queue));
        connection.Expect<BasicGetEmpty>(channel);
    }

    /// <summary>Takes every ready message away; the text is the body, with a star if it was redelivered.</summary>
    public static string Drain(this RawConnection connection, ushort channel, string queue)
    {
        var texts = new List<string>();
        while (true)
        {
            connection.Send(channel, new BasicGet(queue, NoAck: true));
            if (connection.Peek().Is<BasicGetEmpty>()) break;
            var message = connection.ExpectGetOk(channel);
            texts.Add(message.Text + (message.Redelivered ? "*" : ""));
        }
        connection.Expect<BasicGetEmpty>(channel);
        return string.Join(' ', texts);
    }

    /// <summary>The next frames are deliveries with these bodies; gives their tags.</summary>
    public static ulong[] ExpectDeliveries(this RawConnection connection, ushort channel, params string[] bodies)
    {
        var messages = bodies.Select(_ => connection.ExpectDeliver(channel)).ToArray();
        Assert.Equal(bodies, messages.Select(m => m.Text));
        return [.. messages.Select(m => m.DeliveryTag)];
    }

    /// <summary>The mistake closed the channel: answers it, and proves that nothing else was sent on it.</summary>
    public static ChannelClose ExpectChannelError(
        this RawConnection connection, ushort channel, ushort code, string text, uint method)
    {
        var close = connection.ExpectChannelClose(channel, code, $"{ReplyCode.Name(code)} - {text}", method);
        connection.Send(channel, new ChannelCloseOk());
        connection.OpenChannel(channel);
        return close;
    }

    /// <summary>The user lacks a right: configure, write or read on what is named.</summary>
    public static void ExpectRefused(
        this RawConnection connection, ushort channel, string right, string what, TestUser user, uint method)
    {
        // RabbitMQ named the right from 3.11 on only.
        var access = TestBroker.IsForeign && connection.IsFromBefore(3, 11) ? "access" : $"{right} access";
        connection.ExpectChannelError(channel, 403, $"{access} to {what} refused for user '{user.Name}'", method);
    }

    /// <summary>Consumes for one message, which is awaited.</summary>
    public static RawMessage ReceiveOne(this RawConnection connection, string queue)
    {
        connection.OpenChannel(SideChannel);
        connection.Qos(SideChannel, 1);
        connection.Consume(SideChannel, queue);
        var message = connection.ExpectDeliver(SideChannel);
        connection.Send(SideChannel, new BasicAck(message.DeliveryTag));
        connection.CloseChannel(SideChannel);
        return message;
    }

    private static bool IsFromBefore(this RawConnection connection, int major, int minor) =>
        connection.Start.ServerProperties.TryGet("version", out var version)
        && Version.TryParse(version.AsString, out var parsed) && parsed < new Version(major, minor);
}
