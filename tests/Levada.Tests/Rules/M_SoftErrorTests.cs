using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>
/// Each mistake that costs one channel: the broker closes that channel with the code, says nothing more on it whatever
/// was sent behind the mistake, and the connection's other channels go on.
/// </summary>
public sealed class M_SoftErrorTests(BrokerFixture fixture)
{
    private static readonly Dictionary<string, Mistake> All = new()
    {
        ["publish to a missing exchange"] = new(
            404, MethodId.BasicPublish, (c, _) => c.Publish(1, "missing", "k", "x")),
        ["publish to an internal exchange"] = new(
            403, MethodId.BasicPublish, (c, s) => c.Publish(1, s.Internal, "k", "x")),
        ["publish with a false user id"] = new(
            406, MethodId.BasicPublish, (c, s) =>
            c.Publish(1, "", s.Queue, "x", new BasicProperties { UserId = "mallory" })),
        ["publish with a bad expiration"] = new(
            406, MethodId.BasicPublish, (c, s) =>
            c.Publish(1, "", s.Queue, "x", new BasicProperties { Expiration = "abc" })),
        ["publish with a bad CC"] = new(
            406, MethodId.BasicPublish, (c, s) => c.Publish(
                1, "", s.Queue, "x", new BasicProperties { Headers = new FieldTable().Add("CC", "text") })),
        ["publish for a reply without a reply consumer"] = new(
            406, MethodId.BasicPublish, (c, s) => c.Publish(
                1, "", s.Queue, "x", new BasicProperties { ReplyTo = "amq.rabbitmq.reply-to" })),
        ["ack of an unknown tag"] = new(406, MethodId.BasicAck, (c, _) => c.Send(1, new BasicAck(99))),
        ["nack of an unknown tag"] = new(406, MethodId.BasicNack, (c, _) => c.Send(1, new BasicNack(99))),
        ["reject of an unknown tag"] = new(406, MethodId.BasicReject, (c, _) => c.Send(1, new BasicReject(99, true))),
        ["get from a missing queue"] = new(404, MethodId.BasicGet, (c, _) => c.Send(1, new BasicGet("missing"))),
        ["consume from a missing queue"] = new(
            404, MethodId.BasicConsume, (c, _) => c.Send(1, new BasicConsume("missing", ""))),
        ["consume from an exclusively consumed queue"] = new(
            403, MethodId.BasicConsume, (c, s) => c.Send(1, new BasicConsume(s.ExclusivelyConsumed, ""))),
        ["consume replies with acks"] = new(
            406, MethodId.BasicConsume, (c, _) => c.Send(1, new BasicConsume("amq.rabbitmq.reply-to", ""))),
        ["passive declare of a missing queue"] = new(
            404, MethodId.QueueDeclare, (c, _) => c.Send(1, new QueueDeclare("missing", Passive: true))),
        ["declare of another's exclusive queue"] = new(
            405, MethodId.QueueDeclare, (c, s) => c.Send(1, new QueueDeclare(s.Locked))),
        ["declare of a reserved queue name"] = new(
            403, MethodId.QueueDeclare, (c, _) => c.Send(1, new QueueDeclare("amq.x"))),
        ["declare of a queue that differs"] = new(
            406, MethodId.QueueDeclare, (c, s) =>
            c.Send(1, new QueueDeclare(s.Queue, Exclusive: true, AutoDelete: true))),
        ["declare with a bad argument"] = new(
            406, MethodId.QueueDeclare, (c, _) => c.Send(1, new QueueDeclare(
                "bad", Arguments: new FieldTable().Add("x-max-length", "nonsense")))),
        ["delete of a queue in use"] = new(
            406, MethodId.QueueDelete, (c, s) => c.Send(1, new QueueDelete(s.ExclusivelyConsumed, IfUnused: true))),
        ["delete of a queue not empty"] = new(
            406, MethodId.QueueDelete, (c, s) => c.Send(1, new QueueDelete(s.Filled, IfEmpty: true))),
        ["delete of another's exclusive queue"] = new(
            405, MethodId.QueueDelete, (c, s) => c.Send(1, new QueueDelete(s.Locked))),
        ["purge of a missing queue"] = new(404, MethodId.QueuePurge, (c, _) => c.Send(1, new QueuePurge("missing"))),
        ["bind to the default exchange"] = new(
            403, MethodId.QueueBind, (c, s) => c.Send(1, new QueueBind(s.Queue, "", "k"))),
        ["bind to a missing exchange"] = new(
            404, MethodId.QueueBind, (c, s) => c.Send(1, new QueueBind(s.Queue, "missing", "k"))),
        ["bind of a missing queue"] = new(
            404, MethodId.QueueBind, (c, _) => c.Send(1, new QueueBind("missing", "amq.direct", "k"))),
        ["unbind of another's exclusive queue"] = new(
            405, MethodId.QueueUnbind, (c, s) => c.Send(1, new QueueUnbind(s.Locked, "amq.direct", s.Locked))),
        ["passive declare of a missing exchange"] = new(
            404, MethodId.ExchangeDeclare, (c, _) =>
            c.Send(1, new ExchangeDeclare("missing", "direct", Passive: true))),
        ["declare of a reserved exchange name"] = new(
            403, MethodId.ExchangeDeclare, (c, _) => c.Send(1, new ExchangeDeclare("amq.x", "direct"))),
        ["declare of an exchange that differs"] = new(
            406, MethodId.ExchangeDeclare, (c, _) =>
            c.Send(1, new ExchangeDeclare("amq.topic", "direct", Durable: true))),
        ["delete of a predeclared exchange"] = new(
            403, MethodId.ExchangeDelete, (c, _) => c.Send(1, new ExchangeDelete("amq.topic"))),
        ["delete of an exchange in use"] = new(
            406, MethodId.ExchangeDelete, (c, s) => c.Send(1, new ExchangeDelete(s.Bound, IfUnused: true))),
        ["bind of a missing exchange to an exchange"] = new(
            404, MethodId.ExchangeBind, (c, _) => c.Send(1, new ExchangeBind("missing", "amq.direct", "k"))),
        ["unbind from the default exchange"] = new(
            403, MethodId.ExchangeUnbind, (c, _) => c.Send(1, new ExchangeUnbind("amq.direct", "", "k"))),
        ["commit without a transaction"] = new(406, MethodId.TxCommit, (c, _) => c.Send(1, new TxCommit())),
        ["rollback without a transaction"] = new(406, MethodId.TxRollback, (c, _) => c.Send(1, new TxRollback())),
    };

    public static TheoryData<string> Mistakes => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void M_a_mistake_closes_one_channel_and_silences_it(string name)
    {
        var mistake = All[name];
        using var other = RawConnection.OpenWithChannel(fixture.Broker);
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var scene = new Scene(connection, other);
        connection.Consume(2, scene.Queue, "bystander", noAck: true);
        connection.InOneWrite(() =>
        {
            mistake.Make(connection, scene);
            connection.Send(1, new BasicQos(0, 1));
            connection.Send(1, new QueueDeclare("", Exclusive: true));
            connection.Publish(1, "", scene.Queue, "discarded");
            connection.Send(1, new BasicAck(5));
            connection.Send(1, new ConfirmSelect());
        });
        connection.ExpectChannelClose(1, mistake.Code, ReplyCode.Name(mistake.Code) + " - ", mistake.Method);
        // Channel 2 goes on, and nothing of channel 1 gets in between.
        connection.Publish(2, "", scene.Queue, "delivered");
        Assert.Equal("delivered", connection.ExpectDeliver(2).Text);
        Assert.Equal(0u, connection.Count(2, scene.Queue));
        // Closed by the server, the number is free again as soon as that is confirmed.
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
        Assert.Equal(0u, connection.Count(1, scene.Queue));
        connection.Close();
    }

    private sealed record Mistake(ushort Code, uint Method, Action<RawConnection, Scene> Make);

    /// <summary>What the mistakes need, made on channel 2, and some of it by another connection.</summary>
    private sealed class Scene
    {
        public Scene(RawConnection connection, RawConnection other)
        {
            Queue = connection.NewQueue(2);
            Filled = connection.NewQueue(2);
            connection.Fill(Filled, "x");
            ExclusivelyConsumed = connection.NewQueue(2);
            connection.Consume(2, ExclusivelyConsumed, "only one", exclusive: true);
            Internal = connection.NewExchange(2, @internal: true);
            Bound = connection.NewExchange(2, "fanout");
            connection.Bind(2, Queue, Bound);
            Locked = other.NewQueue(1);
            other.Bind(1, Locked, "amq.direct", Locked);
        }

        public string Queue { get; }

        public string Filled { get; }

        public string ExclusivelyConsumed { get; }

        public string Internal { get; }

        public string Bound { get; }

        public string Locked { get; }
    }
}
