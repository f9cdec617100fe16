using Levada.Protocol;
using Levada.Queues;
using Levada.Tests.Bodies;
using Levada.Tests.Catalog;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>x-queue-type and what goes with it: what is taken, refused and compared; texts are RabbitMQ's.</summary>
public sealed class QueueTypeTests
{
    private const string Type = "x-queue-type";

    private readonly CatalogFixture _catalog = new();

    [Theory]
    [InlineData("x-queue-mode", "lazy", true, false)]
    [InlineData("x-queue-mode", "default", true, false)]
    [InlineData("x-queue-version", 2, true, false)]
    [InlineData("x-max-priority", 5, true, false)]
    [InlineData("x-queue-master-locator", "min-masters", true, false)]
    [InlineData("x-queue-leader-locator", "balanced", true, true)]
    [InlineData("x-quorum-initial-group-size", 3, true, true)]
    [InlineData("x-quorum-target-group-size", 3, true, true)]
    [InlineData("x-max-in-memory-length", 0, true, true)]
    [InlineData("x-max-in-memory-bytes", 5, true, true)]
    [InlineData("x-consumer-disconnected-timeout", 5, true, true)]
    [InlineData("x-delivery-limit", -1, true, true)]
    [InlineData("x-initial-cluster-size", 1, false, false)]
    [InlineData("x-max-age", "1D", false, false)]
    [InlineData("x-stream-max-segment-size-bytes", 100, false, false)]
    public void Each_type_has_its_arguments(string name, object value, bool ofClassic, bool ofQuorum)
    {
        foreach (var (type, isTaken) in ((string, bool)[])[("classic", ofClassic), ("quorum", ofQuorum)])
        {
            var arguments = Arguments((Type, type), (name, value));
            if (isTaken)
            {
                _catalog.Queue(type, durable: true, arguments: arguments);
                continue;
            }
            CatalogFixture.Refused(
                406, $"invalid arg '{name}' for queue '{type}' in vhost '/' of queue type rabbit_{type}_queue",
                () => _catalog.Queue(type, durable: true, arguments: arguments));
        }
    }

    [Theory]
    [InlineData(Type, "stream", "\"unsupported queue type 'stream'\" (this broker has no streams yet)")]
    [InlineData(Type, "nope", "\"unsupported queue type 'nope'\" (expected one of classic, quorum)")]
    [InlineData(Type, 5, "expected one of classic, quorum, got signedint")]
    [InlineData(
        "x-queue-leader-locator", "x", "expected one of client-local, balanced, random, least-leaders, got 'x'")]
    [InlineData("x-queue-master-locator", "x", "expected one of client-local, min-masters, random, got 'x'")]
    [InlineData("x-queue-mode", "x", "expected one of default, lazy, got 'x'")]
    [InlineData("x-queue-version", 3, "expected an integer from 1 to 2, got 3")]
    [InlineData("x-quorum-initial-group-size", 0, "expected an integer from 1 to 2147483647, got 0")]
    public void A_value_that_makes_no_sense_is_refused(string name, object value, string text) =>
        CatalogFixture.Refused(
            406, $"invalid arg '{name}' for queue 'q' in vhost '/': {text}",
            () => _catalog.Queue("q", durable: true, arguments: Arguments((name, value))));

    [Theory]
    [InlineData(false, false, false, "non-durable")]
    [InlineData(true, true, false, "exclusive-owner")]
    [InlineData(true, false, true, "auto-delete")]
    [InlineData(false, true, true, "auto-delete")]
    public void A_quorum_queue_is_durable_and_for_everybody(
        bool durable, bool exclusive, bool autoDelete, string property) => CatalogFixture.Refused(
            406, $"invalid property '{property}' for queue 'q' in vhost '/'",
            () => _catalog.Queue("q", durable, exclusive, autoDelete, Arguments((Type, "quorum"))));

    [Theory]
    [InlineData("classic", null, null)]
    [InlineData(null, "classic", null)]
    [InlineData("classic", "quorum", "received 'quorum' but current is 'classic'")]
    [InlineData("quorum", "classic", "received 'classic' but current is 'quorum'")]
    [InlineData(null, "quorum", "received the value 'quorum' of type 'longstr' but current is none")]
    [InlineData(null, "stream", "received the value 'stream' of type 'longstr' but current is none")]
    [InlineData("quorum", null, "received none but current is the value 'quorum' of type 'longstr'")]
    public void A_second_declaration_has_the_same_type(string? first, string? second, string? text)
    {
        _catalog.Queue("q", durable: true, arguments: Arguments((Type, first)));
        var again = Arguments((Type, second));
        if (text is null)
        {
            _catalog.Queue("q", durable: true, arguments: again);
            return;
        }
        CatalogFixture.Refused(
            406, $"inequivalent arg '{Type}' for queue 'q' in vhost '/': {text}",
            () => _catalog.Queue("q", durable: true, arguments: again));
    }

    [Fact]
    public void What_means_nothing_for_the_type_is_not_compared()
    {
        _catalog.Queue("c", durable: true);
        _catalog.Queue("c", durable: true, arguments: Arguments(
            ("x-quorum-initial-group-size", 3), ("x-queue-leader-locator", "balanced"), ("x-max-in-memory-length", 1)));
        _catalog.Queue("q", durable: true, arguments: Arguments((Type, "quorum")));
        _catalog.Queue("q", durable: true, arguments: Arguments((Type, "quorum"), ("x-queue-mode", "lazy")));
        CatalogFixture.Refused(
            406,
            "inequivalent arg 'x-quorum-initial-group-size' for queue 'q' in vhost '/': received the value '3' of type "
            + "'signedint' but current is none",
            () => _catalog.Queue(
                "q", durable: true, arguments: Arguments((Type, "quorum"), ("x-quorum-initial-group-size", 3))));
        CatalogFixture.Refused(
            406,
            "inequivalent arg 'x-queue-mode' for queue 'c' in vhost '/': received the value 'lazy' of type 'longstr' "
            + "but current is none",
            () => _catalog.Queue("c", durable: true, arguments: Arguments(("x-queue-mode", "lazy"))));
    }

    [Fact]
    public void A_default_type_is_for_queues_that_can_have_it_and_outlives_its_change()
    {
        var disk = new PowerCutDisk();
        var first = new CatalogFixture(disk, defaultType: QueueType.Quorum);
        Assert.Equal(QueueType.Quorum, first.Queue("q", durable: true).Type);
        Assert.Equal(QueueType.Classic, first.Queue("transient").Type);
        Assert.Equal(QueueType.Classic, first.Queue("auto", durable: true, autoDelete: true).Type);
        var classic = Arguments((Type, "classic"));
        Assert.Equal(QueueType.Classic, first.Queue("said", durable: true, arguments: classic).Type);
        first.Queue("q", durable: true);
        first.Queue("q", durable: true, arguments: Arguments((Type, "quorum")));
        CatalogFixture.Refused(
            406, $"inequivalent arg '{Type}' for queue 'q' in vhost '/': received 'classic' but current is 'quorum'",
            () => first.Queue("q", durable: true, arguments: classic));

        var second = new CatalogFixture(disk);
        Assert.Equal(QueueType.Quorum, second.FindQueue("q")!.Type);
        Assert.Equal(QueueType.Classic, second.FindQueue("auto")!.Type);
        second.Queue("q", durable: true);
        Assert.False(second.FindQueue("q")!.Arguments.Contains(Type));
    }

    [Fact]
    public void A_virtual_host_has_a_default_type_of_its_own()
    {
        CatalogFixture.Done(done => _catalog.Store.PutVHost(
            "/", static metadata => metadata with { DefaultQueueType = "quorum" }, done: _ => done()));
        Assert.Equal(QueueType.Quorum, _catalog.Queue("q", durable: true).Type);
        Assert.Equal(QueueType.Classic, _catalog.Queue("transient").Type);
        CatalogFixture.Done(done => _catalog.Store.PutVHost(
            "/", static metadata => metadata with { DefaultQueueType = "classic" }, done: _ => done()));
        Assert.Equal(QueueType.Quorum, _catalog.Queue("q", durable: true).Type);
        Assert.Equal(QueueType.Classic, _catalog.Queue("later", durable: true).Type);
    }

    [Fact]
    public async Task A_quorum_queue_keeps_transient_messages_over_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        var large = LargeBody.Make(1, LargeBody.MiB + 1);
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            connection.DeclareQueue(1, "quorum", durable: true, arguments: Arguments((Type, "quorum")));
            connection.DeclareQueue(1, "classic", durable: true);
            connection.SelectConfirms(1);
            connection.Publish(1, "", "quorum", "small");
            connection.Publish(1, "", "classic", "small");
            connection.Publish(1, "", "quorum", large);
            connection.ExpectConfirms(1, 3);
        }
        await broker.StopAsync();
        await broker.StartAgainAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            Assert.Equal(0u, connection.Count(1, "classic"));
            Assert.Equal("small", connection.Get(1, "quorum", noAck: true).Text);
            Assert.Equal(large.Length, connection.Get(1, "quorum", noAck: true).Body.Length);
        }
    }

    private static FieldTable Arguments(params (string Name, object? Value)[] arguments)
    {
        var table = new FieldTable();
        foreach (var (name, value) in arguments)
        {
            if (value is int number)
                table.Add(name, number);
            else if (value is string text)
                table.Add(name, text);
        }
        return table;
    }
}
