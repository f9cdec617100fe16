using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Exchanges;

/// <summary>x-random and x-local-random exchanges, as clients use them.</summary>
public sealed class RandomExchangeTests(BrokerFixture fixture)
{
    [Theory]
    [InlineData("x-random")]
    [InlineData("x-local-random")]
    public void Each_message_goes_to_one_of_the_queues_and_each_queue_gets_its_part(string type)
    {
        const int count = 3000;
        Assert.SkipWhen(TestBroker.IsForeign && type == "x-local-random", "only in RabbitMQ 4");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = connection.NewExchange(1, type);
        string[] queues = [.. Enumerable.Range(0, 3).Select(_ => connection.NewQueue(1))];
        foreach (var queue in queues)
            connection.Bind(1, queue, exchange);
        connection.SelectConfirms(1);
        // One key again and again, as publishers do: a remembered route would be seen.
        connection.InOneWrite(() =>
        {
            for (var i = 0; i < count; i++)
                connection.Publish(1, exchange, "key", $"{i}");
        });
        connection.ExpectConfirms(1, count);
        var counts = queues.Select(queue => (int)connection.Count(1, queue)).ToArray();
        Assert.Equal(count, counts.Sum());
        // Five standard deviations are 130.
        Assert.All(counts, c => Assert.InRange(c, 870, 1130));
    }

    [Fact]
    public void Without_a_binding_a_mandatory_message_comes_back()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.DeclareExchange(1, TestBroker.Name("x"), "x-random", autoDelete: true);
        var exchange = connection.NewExchange(1, "x-random");
        connection.Publish(1, exchange, "key", "x", mandatory: true);
        Assert.Equal("NO_ROUTE", connection.ExpectReturn(1).ReplyText);
    }

    [LevadaFact]
    public void A_local_one_takes_no_key_no_exchange_and_no_quorum_queue()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = connection.NewExchange(1, "x-local-random");
        var queue = connection.NewQueue(1);
        connection.Send(1, new QueueBind(queue, exchange, "k"));
        connection.ExpectChannelError(1, 406, "Non empty binding 'k' key not permitted", MethodId.QueueBind);
        connection.Send(1, new ExchangeBind("amq.fanout", exchange, ""));
        connection.ExpectChannelError(1, 406, "Destination not found", MethodId.ExchangeBind);
        var quorum = TestBroker.Name("quorum");
        connection.DeclareQueue(1, quorum, durable: true, arguments: new FieldTable().Add("x-queue-type", "quorum"));
        connection.Send(1, new QueueBind(quorum, exchange, ""));
        connection.ExpectChannelError(
            1, 406, "Queue type rabbit_quorum_queue not valid for this exchange type", MethodId.QueueBind);
        connection.Delete(1, quorum);
    }

    [Fact]
    public async Task A_durable_one_is_there_after_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            connection.DeclareExchange(1, "x", "x-random", durable: true);
            connection.DeclareQueue(1, "a", durable: true);
            connection.DeclareQueue(1, "b", durable: true);
            connection.Bind(1, "a", "x");
            connection.Bind(1, "b", "x");
        }

        await broker.StopAsync();
        await broker.StartAgainAsync();
        using var again = RawConnection.OpenWithChannel(broker);
        again.DeclareExchange(1, "x", "x-random", durable: true);
        for (var i = 0; i < 100; i++)
            again.Publish(1, "x", "k", "m");
        Assert.InRange(again.Count(1, "a"), 10u, 90u);
        Assert.Equal(100u, again.Count(1, "a") + again.Count(1, "b"));
    }
}
