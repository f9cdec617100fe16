using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Exchanges;

/// <summary>What the broker writes into messages that are published (message_interceptors.incoming.*).</summary>
public sealed class InterceptorTests
{
    private static readonly ulong Long = 1_000_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_gets_the_time_in_a_header_and_in_its_property(bool overwrite)
    {
        await using var broker = await TestBroker.StartAsync(o => o.SetHeaderTimestamp = overwrite);
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var bare = PassOn(broker, new BasicProperties());
        AssertNow(bare, before);
        // Everything else stays, whatever stands before and behind.
        var full = PassOn(broker, Full(new FieldTable().Add("a", 1).Add("b", "two")));
        AssertNow(full, before);
        Assert.Equal((1, "two"), (Header(full, "a").AsLong, Header(full, "b").AsString));
        AssertRest(full);

        var own = Full(new FieldTable().Add("timestamp_in_ms", 5L).Add("b", "two"));
        own.Timestamp = Long;
        var marked = PassOn(broker, own);
        AssertRest(marked);
        Assert.Equal("two", Header(marked, "b").AsString);
        if (overwrite)
            AssertNow(marked, before);
        else
            Assert.Equal((5L, Long), (Header(marked, "timestamp_in_ms").AsLong, marked.Timestamp!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_gets_the_name_of_the_node(bool overwrite)
    {
        await using var broker = await TestBroker.StartAsync(o => o.SetHeaderRoutingNode = overwrite);
        var node = broker.Broker.NodeName;
        var bare = PassOn(broker, new BasicProperties());
        Assert.Equal(node, Header(bare, "x-routed-by").AsString);
        Assert.Null(bare.Timestamp);
        var own = PassOn(broker, Full(new FieldTable().Add("x-routed-by", "me").Add("b", "two")));
        AssertRest(own);
        Assert.Equal(2, own.Headers!.Count);
        Assert.Equal(overwrite ? node : "me", Header(own, "x-routed-by").AsString);
    }

    [Fact]
    public async Task LavinMQs_key_sets_the_property_alone_where_there_is_none()
    {
        await using var broker = await TestBroker.StartAsync(o => o.SetTimestamp = true);
        var before = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var bare = PassOn(broker, new BasicProperties { MessageId = "id" });
        Assert.InRange(bare.Timestamp!.Value, before, before + 60);
        Assert.Null(bare.Headers);
        Assert.Equal("id", bare.MessageId);
        Assert.Equal(Long, PassOn(broker, new BasicProperties { Timestamp = Long }).Timestamp);
    }

    [Fact]
    public async Task All_of_them_work_together_also_on_large_messages_and_before_routing()
    {
        await using var broker = await TestBroker.StartAsync(
            o => (o.SetHeaderRoutingNode, o.SetHeaderTimestamp) = (false, true));
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, "amq.headers", "", new FieldTable()
            .Add("x-match", "all-with-x").Add("x-routed-by", broker.Broker.NodeName));
        var body = new string('x', 2 << 20);
        connection.Publish(1, "amq.headers", "", body, Full(new FieldTable().Add("b", "two")));
        connection.Publish(1, "amq.headers", "", "small");
        var large = connection.Get(1, queue, noAck: true);
        Assert.Equal(body, large.Text);
        Assert.Equal(3, large.Properties.Headers!.Count);
        AssertRest(large.Properties);
        var small = connection.Get(1, queue, noAck: true);
        Assert.Equal(("small", 2), (small.Text, small.Properties.Headers!.Count));
        Assert.NotNull(small.Properties.Timestamp);
    }

    private static BasicProperties PassOn(TestBroker broker, BasicProperties properties)
    {
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "x", properties);
        return connection.Get(1, queue, noAck: true).Properties;
    }

    private static BasicProperties Full(FieldTable headers) => new()
    {
        ContentType = "text/plain", Headers = headers, DeliveryMode = 2, CorrelationId = "c", MessageId = "m",
        Type = "t", AppId = "app",
    };

    private static FieldValue Header(BasicProperties properties, string name) =>
        properties.Headers!.TryGet(name, out var value) ? value : throw new InvalidOperationException($"no {name}");

    private static void AssertRest(BasicProperties properties)
    {
        Assert.Equal(("text/plain", (byte?)2), (properties.ContentType, properties.DeliveryMode));
        Assert.Equal(("c", "m"), (properties.CorrelationId, properties.MessageId));
        Assert.Equal(("t", "app"), (properties.Type, properties.AppId));
    }

    private static void AssertNow(BasicProperties properties, long before)
    {
        var time = Header(properties, "timestamp_in_ms");
        Assert.Equal(FieldType.Long, time.Type);
        Assert.InRange(time.AsLong, before, before + 60_000);
        Assert.Equal((ulong)time.AsLong / 1000, properties.Timestamp);
        Assert.Single(properties.Headers!, field => field.Key == "timestamp_in_ms");
    }
}
