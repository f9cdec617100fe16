using System.Text;
using Levada.Protocol;
using Levada.Tests.Rules;
using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Exchanges;

/// <summary>x-consistent-hash and x-modulus-hash exchanges, as clients use them.</summary>
public sealed class HashExchangeTests(BrokerFixture fixture)
{
    private static readonly CreateChannelOptions Confirming =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("x-consistent-hash")]
    [InlineData("x-modulus-hash")]
    public async Task A_client_of_RabbitMQ_shares_its_messages_out(string type)
    {
        const int count = 2000;
        var factory = new ConnectionFactory { Uri = new Uri(fixture.Broker.Uri) };
        await using var connection = await factory.CreateConnectionAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(Confirming, Cancelled);
        var exchange = TestBroker.Name("hash");
        await channel.ExchangeDeclareAsync(exchange, type, autoDelete: true, cancellationToken: Cancelled);
        string[] queues = [TestBroker.Name("q"), TestBroker.Name("q")];
        foreach (var queue in queues)
        {
            await channel.QueueDeclareAsync(queue, cancellationToken: Cancelled);
            await channel.QueueBindAsync(queue, exchange, "10", cancellationToken: Cancelled);
        }

        // Every key twice: both must go to the same queue.
        var publishing = Enumerable.Range(0, count).Select(i => channel.BasicPublishAsync(
            exchange, $"key.{i % (count / 2)}", mandatory: true, Encoding.UTF8.GetBytes($"{i % (count / 2)}"),
            Cancelled).AsTask());
        await Task.WhenAll(publishing);
        foreach (var queue in queues)
        {
            var bodies = new List<string>();
            while (await channel.BasicGetAsync(queue, autoAck: true, Cancelled) is { } message)
                bodies.Add(Encoding.UTF8.GetString(message.Body.Span));
            Assert.InRange(bodies.Count, count * 0.4, count * 0.6);
            Assert.All(bodies.GroupBy(body => body), body => Assert.Equal(2, body.Count()));
        }
    }

    [Theory]
    [InlineData("abc", "The binding key must be an integer: <<\"abc\">>")]
    [InlineData("", "The binding key must be an integer: <<>>")]
    [InlineData("1.5", "The binding key must be an integer: <<\"1.5\">>")]
    [InlineData("0", "The binding key must be greater than 0")]
    [InlineData("-3", "The binding key must be greater than 0")]
    [InlineData("2147483648", "The binding key must be at most 2147483647")]
    public void A_binding_key_that_is_no_weight_is_406(string key, string text)
    {
        Assert.SkipWhen(TestBroker.IsForeign && key == "2147483648", "a limit of ours");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "x-consistent-hash");
        connection.Send(1, new QueueBind(queue, exchange, key));
        connection.ExpectChannelError(1, 406, text, MethodId.QueueBind);
        connection.Send(1, new ExchangeBind("amq.fanout", exchange, key));
        connection.ExpectChannelError(1, 406, text, MethodId.ExchangeBind);
    }

    [Theory]
    [InlineData("hash-property", "user_id", "Unsupported property: user_id")]
    [InlineData("hash-header", "id", "hash-header and hash-property are mutually exclusive")]
    public void Arguments_that_make_no_sense_are_406(string argument, string value, string text)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var arguments = new FieldTable().Add(argument, value);
        if (argument == "hash-header")
            arguments.Add("hash-property", "message_id");
        connection.Send(1, new ExchangeDeclare(TestBroker.Name("x"), "x-consistent-hash", Arguments: arguments));
        connection.ExpectChannelError(1, 406, text, MethodId.ExchangeDeclare);
    }

    [LevadaTheory]
    [InlineData(
        "x-algorithm", "circle",
        "invalid arg 'x-algorithm' for exchange 'bad' in vhost '/': expected one of ring, jump, got 'circle'")]
    [InlineData("x-algorithm", null, "invalid type 'signedint' for arg 'x-algorithm' in exchange 'bad' in vhost '/'")]
    [InlineData("hash-header", null, "invalid type 'signedint' for arg 'hash-header' in exchange 'bad' in vhost '/'")]
    public void Arguments_of_ours_that_make_no_sense_are_406(string argument, string? value, string text)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var arguments = new FieldTable().Add(argument, value is null ? FieldValue.Int(1) : FieldValue.String(value));
        connection.Send(1, new ExchangeDeclare("bad", "x-consistent-hash", Arguments: arguments));
        connection.ExpectChannelError(1, 406, text, MethodId.ExchangeDeclare);
    }

    [LevadaTheory]
    [InlineData("hash-header", "a", "b")]
    [InlineData("x-hash-on", "a", "b")]
    [InlineData("hash-property", "message_id", "timestamp")]
    [InlineData("x-algorithm", "ring", "jump")]
    public void Declared_again_with_another_argument_is_406(string argument, string first, string second)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = TestBroker.Name("x");
        connection.DeclareExchange(
            1, exchange, "x-consistent-hash", autoDelete: true, arguments: new FieldTable().Add(argument, first));
        connection.DeclareExchange(
            1, exchange, "x-consistent-hash", autoDelete: true, arguments: new FieldTable().Add(argument, first));
        connection.Send(1, new ExchangeDeclare(
            exchange, "x-consistent-hash", AutoDelete: true, Arguments: new FieldTable().Add(argument, second)));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg '{argument}' for exchange '{exchange}' in vhost '/': received the value "
            + $"'{second}' of type 'longstr' but current is the value '{first}' of type 'longstr'",
            MethodId.ExchangeDeclare);
    }

    [Fact]
    public async Task A_durable_one_shares_out_the_same_way_after_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            connection.DeclareExchange(
                1, "x", "x-consistent-hash", durable: true,
                arguments: new FieldTable().Add("hash-header", "id").Add("x-algorithm", "jump"));
            for (var i = 0; i < 4; i++)
            {
                connection.DeclareQueue(1, $"q{i}", durable: true);
                connection.Bind(1, $"q{i}", "x", $"{i + 1}");
            }
        }

        var before = Spread(broker);
        await broker.StopAsync();
        await broker.StartAgainAsync();
        Assert.Equal(before, Spread(broker));
    }

    [Fact]
    public async Task The_configured_algorithm_is_that_of_exchanges_that_name_none()
    {
        await using var broker = await TestBroker.StartAsync(
            options => options.DefaultHashAlgorithm = Levada.Exchanges.HashAlgorithm.Jump);
        using var connection = RawConnection.OpenWithChannel(broker);
        foreach (var (exchange, algorithm) in new[] { ("default", ""), ("jump", "jump"), ("ring", "RING") })
        {
            var arguments = new FieldTable();
            if (algorithm.Length > 0)
                arguments.Add("x-algorithm", algorithm);
            connection.DeclareExchange(1, exchange, "x-consistent-hash", arguments: arguments);
            for (var i = 0; i < 4; i++)
            {
                connection.DeclareQueue(1, $"q{i}");
                connection.Bind(1, $"q{i}", exchange, "1");
            }
        }

        Assert.Equal(Keys(connection, "jump"), Keys(connection, "default"));
        Assert.NotEqual(Keys(connection, "jump"), Keys(connection, "ring"));
    }

    private static string Spread(TestBroker broker)
    {
        using var connection = RawConnection.OpenWithChannel(broker);
        for (var i = 0; i < 100; i++)
        {
            var properties = new Levada.Protocol.BasicProperties { Headers = new FieldTable().Add("id", $"{i}") };
            connection.Publish(1, "x", "same", $"{i}", properties);
        }

        return Drain(connection);
    }

    private static string Keys(RawConnection connection, string exchange)
    {
        for (var i = 0; i < 100; i++)
            connection.Publish(1, exchange, $"{i}", $"{i}");
        return Drain(connection);
    }

    private static string Drain(RawConnection connection) =>
        string.Join(" | ", Enumerable.Range(0, 4).Select(i => connection.Drain(1, $"q{i}")));
}
