using Levada.Cli.Perf;
using Levada.Cli.Perf.Client;
using Levada.Cli.Perf.Throughput;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Perf;

public class PerfOptionsTests
{
    [Theory]
    [InlineData("throughput -x1 -y 2 -s 1000 -V -a 10 -c 100 -u q -k key -e amq.topic -r 1000 -R 2.5 -p -P 100")]
    [InlineData("throughput -t 10 -T 20 -a 2 -g -j -z 30 -q -C 5 -D 5 -l --uri amqps://h --insecure")]
    [InlineData("throughput --queue-args={\"x-max-length\":1} --consumer-args {} --properties {} --random-bodies")]
    [InlineData("throughput --queue-pattern queue-% --queue-pattern-from 2 --queue-pattern-to=9")]
    [InlineData("throughput --publishers=1 --consumers=1 --size=1 --verify --ack 1 --confirm 1 --queue=q --time=1")]
    [InlineData("throughput --rate=1 --consumer-rate=1 --persistent --prefetch=1 --poll --json --quiet")]
    [InlineData("throughput --pmessages=1 --cmessages=1 --measure-latency --routing-key=k --exchange=e")]
    [InlineData("amqp throughput -z 1")]
    [InlineData("--uri amqp://h bind-churn")]
    [InlineData("queue-churn -j")]
    [InlineData("connection-churn -z 1")]
    [InlineData("channel-churn -C 10")]
    [InlineData("publish-churn -C 10 -j")]
    [InlineData("consumer-churn")]
    [InlineData("connection-count -x 10 -c 2 -C 3 -u q -l -k 60:3:10 --heartbeat 5")]
    [InlineData("queue-count -q 10 -D --arguments {} -n")]
    public void Lavinmqperfs_words_and_letters_are_understood(string line) =>
        Assert.Empty(PerfCommand.Create().Parse(line.Split(' ')).Errors);

    [Fact]
    public void What_makes_no_sense_together_is_said()
    {
        var plain = new ThroughputOptions(AmqpUri.Parse(AmqpUri.Default));
        Assert.Null(plain.Contradiction);
        Assert.NotNull((plain with { MeasureLatency = true, Size = 7 }).Contradiction);
        Assert.NotNull((plain with { Verify = true, RandomBodies = true }).Contradiction);
        Assert.NotNull((plain with { Ack = 11, Prefetch = 10 }).Contradiction);
        Assert.Null((plain with { Ack = 10, Prefetch = 10 }).Contradiction);
        Assert.NotNull((plain with { Confirm = 1, PublishTransaction = 1 }).Contradiction);
        Assert.NotNull((plain with { AckTransaction = 1 }).Contradiction);
        Assert.NotNull((plain with { QueuePattern = "q" }).Contradiction);
        Assert.NotNull((plain with { QueuePatternFrom = 2 }).Contradiction);
    }

    [Theory]
    [InlineData("queue-%", "queue-9 queue-10")]
    [InlineData("q-%d-x", "q-9-x q-10-x")]
    public void A_pattern_names_the_queues(string pattern, string expected)
    {
        var options = new ThroughputOptions(AmqpUri.Parse(AmqpUri.Default))
        {
            QueuePattern = pattern, QueuePatternFrom = 9, QueuePatternTo = 10,
        };
        Assert.Equal(expected.Split(' '), options.Queues);
    }

    [Fact]
    public void Json_becomes_a_table_with_the_types_of_its_values()
    {
        var table = JsonArguments.ToTable("""{"s":"x","i":7,"d":1.5,"b":true,"n":null,"a":[1,"y"],"t":{"k":2}}""");
        var expected = new FieldTable()
            .Add("s", "x").Add("i", 7L).Add("d", 1.5).Add("b", true).Add("n", FieldValue.Void)
            .Add("a", FieldValue.Array(FieldValue.Long(1), FieldValue.String("y")))
            .Add("t", new FieldTable().Add("k", 2L));
        Assert.Equal(expected, table);
    }

    [Fact]
    public void Json_becomes_properties()
    {
        var properties = JsonArguments.ToProperties(
            """{"content_type":"text/plain","delivery_mode":2,"priority":3,"expiration":60000,"headers":{"a":1}}""");
        var expected = new BasicProperties
        {
            ContentType = "text/plain", DeliveryMode = 2, Priority = 3, Expiration = "60000",
            Headers = new FieldTable().Add("a", 1L),
        };
        Assert.Equal(expected.ToBytes(), properties.ToBytes());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("x")]
    [InlineData("""{"colour":1}""")]
    [InlineData("""{"priority":"high"}""")]
    [InlineData("""{"priority":300}""")]
    public void Bad_properties_are_refused(string json) =>
        Assert.Throws<FormatException>(() => JsonArguments.ToProperties(json));
}
