using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class J_EquivalenceTests(BrokerFixture fixture)
{
    [Theory]
    [InlineData(true, false, "durable", "received 'true' but current is 'false'")]
    [InlineData(false, true, "auto_delete", "received 'true' but current is 'false'")]
    public void J5_a_queue_with_other_bits_is_406(bool durable, bool autoDelete, string name, string difference)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewSharedQueue(1);
        connection.Send(1, new QueueDeclare(queue, Durable: durable, AutoDelete: autoDelete));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg '{name}' for queue '{queue}' in vhost '/': {difference}", MethodId.QueueDeclare);
        connection.Delete(1, queue);
    }

    [Theory]
    [InlineData("x-max-length")]
    [InlineData("x-max-length-bytes")]
    [InlineData("x-message-ttl")]
    [InlineData("x-expires")]
    public void J5_a_queue_with_another_number_is_406(string argument)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = TestBroker.Name("args");
        connection.DeclareQueue(1, queue, exclusive: true, arguments: new FieldTable().Add(argument, 60_005));
        var text = $"inequivalent arg '{argument}' for queue '{queue}' in vhost '/': ";
        connection.Send(1, new QueueDeclare(queue, Exclusive: true, Arguments: new FieldTable().Add(argument, 60_006)));
        connection.ExpectChannelError(
            1, 406, text + Difference("60006", "60005", "signedint"), MethodId.QueueDeclare);
        connection.Send(1, new QueueDeclare(queue, Exclusive: true));
        connection.ExpectChannelError(
            1, 406, text + "received none but current is the value '60005' of type 'signedint'", MethodId.QueueDeclare);
        connection.DeclareQueue(1, queue, exclusive: true, arguments: new FieldTable().Add(argument, 60_005));
    }

    [Fact]
    public void J5_an_argument_that_was_not_given_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Send(1, new QueueDeclare(
            queue, Exclusive: true, Arguments: new FieldTable().Add("x-max-length", 5)));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg 'x-max-length' for queue '{queue}' in vhost '/': "
            + "received the value '5' of type 'signedint' but current is none", MethodId.QueueDeclare);
    }

    [Fact]
    public void J5_a_text_argument_is_quoted_with_its_type()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = TestBroker.Name("args");
        connection.DeclareQueue(
            1, queue, exclusive: true, arguments: new FieldTable().Add("x-dead-letter-exchange", "amq.fanout"));
        connection.Send(1, new QueueDeclare(
            queue, Exclusive: true, Arguments: new FieldTable().Add("x-dead-letter-exchange", "amq.direct")));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg 'x-dead-letter-exchange' for queue '{queue}' in vhost '/': "
            + Difference("amq.direct", "amq.fanout", "longstr")[..40],
            MethodId.QueueDeclare);
    }

    [Fact]
    public void J5_numbers_compare_by_value_whatever_their_type()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = TestBroker.Name("args");
        connection.DeclareQueue(1, queue, exclusive: true, arguments: new FieldTable().Add("x-max-length", 5));
        FieldType[] types = [FieldType.Long, FieldType.SignedByte, FieldType.SignedShort, FieldType.UnsignedInt];
        foreach (var type in types)
        {
            var arguments = new FieldTable().Add("x-max-length", FieldValue.Integer(type, 5));
            connection.DeclareQueue(1, queue, exclusive: true, arguments: arguments);
        }
    }

    [Theory]
    [InlineData("fanout", false, false, false, "type", "received 'fanout' but current is 'direct'")]
    [InlineData("direct", true, false, false, "durable", "received 'true' but current is 'false'")]
    [InlineData("direct", false, true, false, "auto_delete", "received 'true' but current is 'false'")]
    [InlineData("direct", false, false, true, "internal", "received 'true' but current is 'false'")]
    public void J5_another_exchange_of_the_name_is_406(
        string type, bool durable, bool autoDelete, bool @internal, string argument, string difference)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = TestBroker.Name("exchange");
        connection.DeclareExchange(1, exchange);
        connection.Send(1, new ExchangeDeclare(exchange, type, false, durable, autoDelete, @internal));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg '{argument}' for exchange '{exchange}' in vhost '/': {difference}",
            MethodId.ExchangeDeclare);
        connection.Send(1, new ExchangeDelete(exchange));
        connection.Expect<ExchangeDeleteOk>(1);
    }

    [Fact]
    public void J5_another_alternate_exchange_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = TestBroker.Name("exchange");
        connection.DeclareExchange(1, exchange, arguments: new FieldTable().Add("alternate-exchange", "amq.fanout"));
        connection.Send(1, new ExchangeDeclare(exchange, "direct"));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg 'alternate-exchange' for exchange '{exchange}' in vhost '/': "
            + "received none but current is the value 'amq.fanout' of type 'longstr'", MethodId.ExchangeDeclare);
        connection.Send(1, new ExchangeDelete(exchange));
        connection.Expect<ExchangeDeleteOk>(1);
    }

    [Fact]
    public void J5_arguments_that_nobody_knows_are_not_compared()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = TestBroker.Name("exchange");
        connection.DeclareExchange(1, exchange, autoDelete: true, arguments: new FieldTable().Add("x-mine", 1));
        connection.DeclareExchange(1, exchange, autoDelete: true, arguments: new FieldTable().Add("x-mine", "two"));
    }

    [Fact]
    public void J6_what_exists_is_compared_before_arguments_are_judged()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        using var other = RawConnection.OpenWithChannel(fixture.Broker);
        var nonsense = new FieldTable().Add("x-max-length", "nonsense");
        var queue = connection.NewQueue(1);
        // Exclusive owner, then equivalence, then the arguments themselves.
        other.Send(1, new QueueDeclare(queue, Durable: true, Arguments: nonsense));
        other.ExpectChannelError(1, 405, "cannot obtain exclusive access", MethodId.QueueDeclare);
        var shared = connection.DeclareQueue(1, TestBroker.Name("shared"), autoDelete: true).Queue;
        connection.Send(1, new QueueDeclare(shared, Durable: true, AutoDelete: true, Arguments: nonsense));
        connection.ExpectChannelError(1, 406, "inequivalent arg 'durable'", MethodId.QueueDeclare);
        connection.Delete(1, shared);
    }

    [Fact]
    public void J6_the_reserved_prefix_is_refused_before_permissions_and_arguments_are_looked_at()
    {
        var user = TestUser.Create(fixture.Broker, "^$", "^$", "^$");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, user.Login);
        connection.Send(1, new QueueDeclare("amq.mine", Arguments: new FieldTable().Add("x-max-length", "nonsense")));
        connection.ExpectChannelError(
            1, 403, "queue name 'amq.mine' contains reserved prefix 'amq.*'", MethodId.QueueDeclare);
    }

    [Fact]
    public void J7_the_prefix_amq_is_reserved_for_new_names()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new QueueDeclare("amq.mine"));
        connection.ExpectChannelError(
            1, 403, "queue name 'amq.mine' contains reserved prefix 'amq.*'", MethodId.QueueDeclare);
        connection.Send(1, new ExchangeDeclare("amq.mine", "direct"));
        connection.ExpectChannelError(
            1, 403, "exchange name 'amq.mine' contains reserved prefix 'amq.*'", MethodId.ExchangeDeclare);
        connection.Send(1, new QueueDeclare("amq.mine", Passive: true));
        connection.ExpectChannelError(1, 404, "no queue 'amq.mine' in vhost '/'", MethodId.QueueDeclare);
        connection.Send(1, new ExchangeDeclare("amq.mine", "direct", Passive: true));
        connection.ExpectChannelError(1, 404, "no exchange 'amq.mine' in vhost '/'", MethodId.ExchangeDeclare);
    }

    [Theory]
    [InlineData("amq.direct", "direct")]
    [InlineData("amq.fanout", "fanout")]
    [InlineData("amq.topic", "topic")]
    [InlineData("amq.headers", "headers")]
    [InlineData("amq.match", "headers")]
    public void J7_predeclared_exchanges_may_be_declared_again_and_never_deleted(string exchange, string type)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.DeclareExchange(1, exchange, type, durable: true);
        connection.Send(1, new ExchangeDeclare(exchange, type, Passive: true));
        connection.Expect<ExchangeDeclareOk>(1);
        connection.Send(1, new ExchangeDelete(exchange));
        connection.ExpectChannelError(
            1, 403, $"deletion of system exchange '{exchange}' in vhost '/' not allowed", MethodId.ExchangeDelete);
        connection.Send(1, new ExchangeDelete(exchange, IfUnused: true));
        connection.ExpectChannelError(
            1, 403, $"deletion of system exchange '{exchange}' in vhost '/' not allowed", MethodId.ExchangeDelete);
    }

    [Fact]
    public void J7_the_default_exchange_is_not_to_be_touched()
    {
        const string text = "operation not permitted on the default exchange";
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Send(1, new QueueBind(queue, "", "k"));
        connection.ExpectChannelError(1, 403, text, MethodId.QueueBind);
        connection.Send(1, new QueueUnbind(queue, "", queue));
        connection.ExpectChannelError(1, 403, text, MethodId.QueueUnbind);
        connection.Send(1, new ExchangeDeclare("", "direct", Durable: true));
        connection.ExpectChannelError(1, 403, text, MethodId.ExchangeDeclare);
        connection.Send(1, new ExchangeDelete(""));
        connection.ExpectChannelError(1, 403, text, MethodId.ExchangeDelete);
        connection.Send(1, new ExchangeBind("amq.direct", "", "k"));
        connection.ExpectChannelError(1, 403, text, MethodId.ExchangeBind);
        connection.Send(1, new ExchangeBind("", "amq.direct", "k"));
        connection.ExpectChannelError(1, 403, text, MethodId.ExchangeBind);
        connection.Send(1, new ExchangeUnbind("amq.direct", "", "k"));
        connection.ExpectChannelError(1, 403, text, MethodId.ExchangeUnbind);
    }

    [Fact]
    public void J9_a_length_limit_that_is_no_number_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = TestBroker.Name("bad");
        connection.Send(1, new QueueDeclare(queue, Arguments: new FieldTable().Add("x-max-length", "five")));
        connection.ExpectChannelError(
            1, 406, $"invalid arg 'x-max-length' for queue '{queue}' in vhost '/': ", MethodId.QueueDeclare);
        connection.Send(1, new QueueDeclare(queue, Arguments: new FieldTable().Add("x-max-length", -1)));
        connection.ExpectChannelError(
            1, 406, $"invalid arg 'x-max-length' for queue '{queue}' in vhost '/': ", MethodId.QueueDeclare);
        connection.Send(1, new QueueDeclare(queue, Passive: true));
        connection.ExpectChannelError(1, 404, $"no queue '{queue}' in vhost '/'", MethodId.QueueDeclare);
    }

    [Theory]
    [InlineData("x-queue-type")]
    [InlineData("x-overflow")]
    public void J9_a_word_that_nobody_knows_is_406(string argument)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new QueueDeclare(
            TestBroker.Name("bad"), Durable: true, Arguments: new FieldTable().Add(argument, "nonsense")));
        connection.ExpectChannelError(1, 406, "", MethodId.QueueDeclare);
    }

    [Fact]
    public void J6_an_exclusive_queue_is_never_durable()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.DeclareQueue(1, TestBroker.Name("mine"), exclusive: true, durable: true).Queue;
        connection.DeclareQueue(1, queue, exclusive: true, durable: false);
    }

    [LevadaFact]
    public void J9_an_exchange_type_that_nobody_knows_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new ExchangeDeclare(TestBroker.Name("bad"), "nope"));
        connection.ExpectChannelError(1, 406, "unknown exchange type 'nope'", MethodId.ExchangeDeclare);
    }

    // RabbitMQ 3.10 names the type only where one side has no value.
    private static string Difference(string received, string current, string type) => TestBroker.IsForeign
        ? $"received '{received}' but current is '{current}'"
        : $"received the value '{received}' of type '{type}' but current is the value '{current}' of type '{type}'";
}
