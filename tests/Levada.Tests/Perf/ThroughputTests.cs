using System.Text.Json;
using Levada.Cli.Perf;
using Levada.Cli.Perf.Client;
using Levada.Cli.Perf.Throughput;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Perf;

/// <summary>
/// Whole runs of the load generator against a broker: what was published arrives, counted to the last one.
/// </summary>
public sealed class ThroughputTests(BrokerFixture fixture)
{
    private const int Messages = 5_000;

    private ThroughputOptions Options() => new(Target())
    {
        Queue = TestBroker.Name("perf"),
        PublishCount = Messages,
        ConsumeCount = Messages,
        // Only if something is wrong.
        Time = TimeSpan.FromSeconds(60),
        Quiet = true,
        Verify = true,
        QueueArguments = new FieldTable().Add("x-expires", 60_000),
    };

    private AmqpUri Target() => AmqpUri.Parse($"amqp://guest:guest@{fixture.Broker.Address}:{fixture.Broker.Port}");

    private static ThroughputSummary Run(ThroughputOptions options)
    {
        if (options.RoutingKey == "perf-test") options = options with { RoutingKey = options.Queue };
        Assert.Null(options.Contradiction);
        using var run = new ThroughputRun(options);
        var summary = run.Execute();
        Assert.Null(run.Failure);
        Assert.InRange(summary.ElapsedSeconds, 0, options.Time.TotalSeconds);
        return summary;
    }

    private static void AssertAll(ThroughputSummary summary, long expected = Messages) =>
        Assert.Equal((expected, expected, 0), (summary.Published, summary.Consumed, summary.Nacked));

    [Fact]
    public void Without_acknowledgements() => AssertAll(Run(Options()));

    [Fact]
    public void With_confirms_prefetch_and_an_ack_for_each() =>
        AssertAll(Run(Options() with { Confirm = 100, Ack = 1, Prefetch = 100, Publishers = 2, Consumers = 3 }));

    [LevadaFact]
    public async Task Persistent_messages_are_in_the_figures_of_the_journal()
    {
        await using var broker = await TestBroker.StartAsync();
        var target = AmqpUri.Parse($"amqp://guest:guest@{broker.Address}:{broker.Port}");
        AssertAll(Run(Options() with
        {
            Uri = target,
            Confirm = 100,
            Properties = new BasicProperties { DeliveryMode = 2 },
            Size = 100,
        }));
        var path = broker.Broker.GetOverview().Path;
        Assert.InRange(path.JournalBytesWritten, Messages * 100, long.MaxValue);
        Assert.InRange(path.JournalSyncs, 1, Messages);
    }

    [Fact]
    public void Acks_for_many_leave_nothing_unacknowledged()
    {
        var options = Options() with { Ack = 64, Prefetch = 200 };
        AssertAll(Run(options));
        using var connection = AmqpConnection.Open(Target(), "check");
        connection.OpenChannel(1);
        var left = connection.Call<QueueDelete, QueueDeleteOk>(1, new QueueDelete(options.Queue));
        Assert.Equal(0u, left.MessageCount);
        connection.Close();
    }

    [Fact]
    public void In_transactions() =>
        AssertAll(Run(Options() with { PublishTransaction = 7, Ack = 10, AckTransaction = 50 }));

    [Fact]
    public void Polling()
    {
        var options = Options() with { Poll = true, Ack = 1, PublishCount = 500, ConsumeCount = 500 };
        AssertAll(Run(options), 500);
    }

    [Fact]
    public void Bodies_of_many_frames()
    {
        var options = Options() with { Size = 300_000, PublishCount = 50, ConsumeCount = 50, MeasureLatency = true };
        var summary = Run(options);
        AssertAll(summary, 50);
        Assert.Equal(50, summary.LatencyCount);
    }

    [Fact]
    public void Empty_bodies() => AssertAll(Run(Options() with { Size = 0 }));

    [Fact]
    public void Through_an_exchange_to_every_consumers_own_queue()
    {
        var options = Options() with
        {
            Exchange = "amq.topic",
            RoutingKey = TestBroker.Name("key"),
            Queue = "",
            Consumers = 2,
            ConsumeCount = 2 * Messages,
            QueueArguments = FieldTable.Empty,
        };
        var summary = Run(options);
        Assert.Equal((Messages, 2 * Messages), (summary.Published, summary.Consumed));
    }

    [Fact]
    public void Many_queues_in_turn()
    {
        var options = Options() with
        {
            QueuePattern = TestBroker.Name("perf") + "-%",
            QueuePatternTo = 3,
            Consumers = 3,
            Confirm = 50,
        };
        AssertAll(Run(options));
    }

    [Fact]
    public void At_a_rate_each_message_leaves_in_its_time_and_is_measured()
    {
        var summary = Run(Options() with
        {
            Rate = 2_000,
            PublishCount = 1_000,
            ConsumeCount = 1_000,
            MeasureLatency = true,
            Confirm = 1_000,
        });
        AssertAll(summary, 1_000);
        // The last one is due at 999 times half a millisecond.
        Assert.InRange(summary.ElapsedSeconds, 0.499, 60);
        Assert.Equal(1_000, summary.LatencyCount);
        Assert.InRange(summary.LatencyMedianMs!.Value, summary.LatencyMinMs!.Value, summary.LatencyMaxMs!.Value);
        Assert.NotNull(summary.ConfirmLatencyMedianMs);
    }

    [Fact]
    public void A_body_that_is_not_the_published_one_fails_the_run()
    {
        var options = Options() with { RandomBodies = true, Consumers = 0, ConsumeCount = 0, Verify = false };
        options = options with { RoutingKey = options.Queue };
        Run(options);
        using var run = new ThroughputRun(options with { Publishers = 0, Consumers = 1, Verify = true });
        run.Execute();
        Assert.Contains("body", run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_is_deleted_is_declared_again_and_the_run_goes_on()
    {
        var options = Options() with { PublishCount = 0, ConsumeCount = 0, Rate = 1_000 };
        options = options with { RoutingKey = options.Queue };
        using var run = new ThroughputRun(options);
        var execution = Task.Run(run.Execute, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => run.Consumed > 0, TimeSpan.FromSeconds(30)));
        using (var connection = AmqpConnection.Open(Target(), "check"))
        {
            connection.OpenChannel(1);
            connection.Call<QueueDelete, QueueDeleteOk>(1, new QueueDelete(options.Queue));
            connection.Close();
        }
        var before = run.Consumed;
        Assert.True(SpinWait.SpinUntil(() => run.Consumed > before + 100, TimeSpan.FromSeconds(30)));
        run.Stop();
        await execution.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Null(run.Failure);
    }

    [Fact]
    public void A_refused_login_is_told_with_the_brokers_words()
    {
        using var run = new ThroughputRun(Options() with { Uri = Target() with { Password = "wrong" } });
        var refused = Assert.Throws<AmqpException>(run.Execute);
        Assert.Equal(ReplyCode.AccessRefused, refused.Code);
        Assert.Contains("ACCESS_REFUSED", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_lavinmqperfs_keys()
    {
        var latency = new LatencyHistogram();
        latency.Record(1_500_000);
        var summary = new ThroughputSummary { ElapsedSeconds = 2, AvgPubRate = 5 }.WithLatency(latency, null);
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(summary, PerfJson.Default.ThroughputSummary));
        string[] keys =
        [
            "elapsed_seconds", "avg_pub_rate", "avg_consume_rate", "latency_min_ms", "latency_median_ms",
            "latency_p75_ms", "latency_p95_ms", "latency_p99_ms", "latency_count", "latency_sample_size",
        ];
        foreach (var key in keys) Assert.True(json.RootElement.TryGetProperty(key, out _), key);
        Assert.Equal(1.5, json.RootElement.GetProperty("latency_median_ms").GetDouble());
    }
}
