using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Catalog;

public sealed class QueueRulesTests
{
    private readonly CatalogFixture _catalog = new();

    [Fact]
    public void J1_an_empty_name_gets_one_that_nobody_has()
    {
        var names = Enumerable.Range(0, 20).Select(_ => _catalog.Queue("").Name).ToHashSet();
        Assert.Equal(20, names.Count);
        Assert.All(names, name => Assert.Matches("^amq\\.gen-[A-Za-z0-9_-]{22}$", name));
    }

    [Fact]
    public void J3_a_missing_queue_is_404()
    {
        Refused(
            404, "no queue 'x' in vhost '/' (a passive declare closes its channel when there is none)",
            () => Declare(new QueueDeclare("x", Passive: true)));
        Refused(404, "no queue 'x' in vhost '/'", () => QueueRules.FindForRead(_catalog.Guest, "x", 1));
        Assert.Null(QueueRules.FindForDelete(_catalog.Guest, "x"));
    }

    [Fact]
    public void J4_an_exclusive_queue_is_locked_for_other_connections()
    {
        var queue = _catalog.Queue("q", exclusive: true);
        var other = _catalog.As("guest", connection: new object());
        const string Text = "cannot obtain exclusive access to locked queue 'q' in vhost '/'. It could be originally "
            + "declared on another connection or the exclusive property value does not match that of the original "
            + "declaration.";
        foreach (var declare in new[]
        {
            new QueueDeclare("q", Exclusive: true), new QueueDeclare("q"), new QueueDeclare("q", Passive: true),
        })
        {
            Refused(405, Text, () => QueueRules.Declare(other, declare, _ => { }));
        }

        Refused(405, Text, () => QueueRules.FindForRead(other, "q", 1));
        Refused(405, Text, () => QueueRules.FindForDelete(other, "q"));
        Refused(405, Text, () => BindingRules.Bind(other, new QueueBind("q", "amq.direct", "k"), () => { }));
        Refused(405, Text, () => BindingRules.Unbind(other, new QueueUnbind("q", "amq.direct", "k"), () => { }));
        Assert.Same(queue, _catalog.Queue("q", exclusive: true));
        Assert.Same(queue, QueueRules.Find(_catalog.Guest, "q", 1));
    }

    [Fact]
    public void J4_another_value_of_exclusive_is_405_for_the_owner_too()
    {
        _catalog.Queue("mine", exclusive: true);
        _catalog.Queue("shared");
        Assert.StartsWith("cannot obtain exclusive access to locked queue 'mine' in vhost '/'.",
            Assert.Throws<Levada.Amqp.AmqpException>(() => _catalog.Queue("mine")).Text);
        Assert.StartsWith("cannot obtain exclusive access to locked queue 'shared' in vhost '/'.",
            Assert.Throws<Levada.Amqp.AmqpException>(() => _catalog.Queue("shared", exclusive: true)).Text);
    }

    [Fact]
    public void J5_the_same_declaration_finds_the_queue()
    {
        var queue = _catalog.Queue("q", arguments: new FieldTable().Add("x-max-length", 5).Add("x-mine", 1));
        Assert.Same(
            queue, _catalog.Queue("q", arguments: new FieldTable().Add("x-max-length", 5L).Add("x-other", "a")));
        Assert.Same(
            queue,
            _catalog.Queue("q", arguments: new FieldTable().Add("x-max-length", 5).Add("x-queue-type", "classic")));
    }

    [Fact]
    public void J5_another_declaration_is_406_and_says_what_differs()
    {
        _catalog.Queue("mm", durable: true, arguments: new FieldTable().Add("x-max-length", 5));
        _catalog.Queue("plain");
        const string For = "for queue 'mm' in vhost '/': ";
        var five = new FieldTable().Add("x-max-length", 5);
        Refused(406, $"inequivalent arg 'durable' {For}received 'false' but current is 'true'",
            () => _catalog.Queue("mm", arguments: five));
        Refused(406, $"inequivalent arg 'auto_delete' {For}received 'true' but current is 'false'",
            () => _catalog.Queue("mm", durable: true, autoDelete: true, arguments: five));
        Refused(
            406,
            $"inequivalent arg 'x-max-length' {For}received the value '6' of type 'signedint' "
            + "but current is the value '5' of type 'signedint'",
            () => _catalog.Queue("mm", durable: true, arguments: new FieldTable().Add("x-max-length", 6)));
        Refused(
            406,
            $"inequivalent arg 'x-max-length' {For}received none but current is the value '5' of type 'signedint'",
            () => _catalog.Queue("mm", durable: true));
        Refused(
            406,
            "inequivalent arg 'x-dead-letter-exchange' for queue 'plain' in vhost '/': "
            + "received the value 'dlx' of type 'longstr' but current is none",
            () => _catalog.Queue("plain", arguments: new FieldTable().Add("x-dead-letter-exchange", "dlx")));
    }

    [Fact]
    public void J6_the_checks_come_in_RabbitMQs_order()
    {
        SetGuest(".*", ".*", "^$");
        var dead = new FieldTable().Add("x-dead-letter-exchange", "dlx").Add("x-max-length", -1);
        Refused(403, "read access to queue 'q' in vhost '/' refused for user 'guest'",
            () => _catalog.Queue("q", arguments: dead));
        SetGuest(".*", "^q$", ".*");
        Refused(403, "write access to exchange 'dlx' in vhost '/' refused for user 'guest'",
            () => _catalog.Queue("q", arguments: dead));
        Refused(406, "invalid type 'bool' for arg 'x-dead-letter-exchange' in queue 'q' in vhost '/'",
            () => _catalog.Queue("q", arguments: new FieldTable().Add("x-dead-letter-exchange", true)));
        SetGuest("^$", ".*", ".*");
        Refused(403, "queue name 'amq.x' contains reserved prefix 'amq.*'", () => _catalog.Queue("amq.x"));
        Refused(403, "configure access to queue 'q' in vhost '/' refused for user 'guest'", () => _catalog.Queue("q"));
    }

    [Fact]
    public void J6_an_exclusive_queue_is_never_durable_whatever_the_bit_says()
    {
        var queue = _catalog.Queue("q", durable: true, exclusive: true);
        Assert.False(queue.Durable);
        Assert.Same(queue, _catalog.Queue("q", durable: true, exclusive: true));
    }

    [Fact]
    public void J7_a_reserved_name_is_refused_unless_passive()
    {
        Refused(403, "queue name 'amq.foo' contains reserved prefix 'amq.*'", () => _catalog.Queue("amq.foo"));
        Refused(
            404, "no queue 'amq.foo' in vhost '/' (a passive declare closes its channel when there is none)",
            () => Declare(new QueueDeclare("amq.foo", Passive: true)));
        var generated = _catalog.Queue("").Name;
        QueueRules.Find(_catalog.Guest, generated, 1);
    }

    [Theory]
    [InlineData("x-max-length", "text", "expected a non-negative integer, got longstr")]
    [InlineData("x-max-length", -1, "expected a non-negative integer, got -1")]
    [InlineData("x-max-length-bytes", true, "expected a non-negative integer, got bool")]
    [InlineData("x-expires", 0, "expected a number of milliseconds from 1 to 315360000000, got 0")]
    [InlineData("x-message-ttl", -5, "expected a number of milliseconds from 0 to 315360000000, got -5")]
    [InlineData("x-max-priority", 256, "expected an integer from 0 to 255, got 256")]
    [InlineData("x-overflow", "nope", "expected one of drop-head, reject-publish, reject-publish-dlx, got 'nope'")]
    [InlineData("x-queue-type", "nope", "\"unsupported queue type 'nope'\" (expected one of classic, quorum)")]
    [InlineData("x-queue-mode", 1, "expected one of default, lazy, got signedint")]
    [InlineData("x-single-active-consumer", "true", "expected a bool, got longstr")]
    [InlineData("x-dead-letter-routing-key", "k", "it needs x-dead-letter-exchange beside it")]
    public void J9_an_argument_that_cannot_be_is_406_in_plain_words(string name, object value, string reason)
    {
        var field = value switch
        {
            int number => FieldValue.Int(number),
            bool truth => FieldValue.Boolean(truth),
            _ => FieldValue.String((string)value),
        };
        Refused(
            406, $"invalid arg '{name}' for queue 'q' in vhost '/': {reason}",
            () => _catalog.Queue("q", arguments: new FieldTable().Add(name, field)));
        Assert.Null(_catalog.FindQueue("q"));
    }

    [Fact]
    public void J9_of_arguments_with_one_name_the_last_counts() =>
        _catalog.Queue("q", arguments: new FieldTable().Add("x-max-length", -1).Add("x-max-length", 1));

    [Fact]
    public void J9_a_quorum_queue_must_be_durable()
    {
        var quorum = new FieldTable().Add("x-queue-type", "quorum");
        Refused(406, "invalid property 'non-durable' for queue 'q' in vhost '/'",
            () => _catalog.Queue("q", arguments: quorum));
        Assert.True(_catalog.Queue("q", durable: true, arguments: quorum).Durable);
    }

    [Fact]
    public void J10_unknown_arguments_and_names_in_utf8_are_kept()
    {
        var queue = _catalog.Queue("grüße ✓", arguments: new FieldTable().Add("my-own", 1.5));
        Assert.Same(queue, _catalog.FindQueue("grüße ✓"));
        Assert.True(queue.Arguments.Contains("my-own"));
    }

    [Fact]
    public void J11_permissions_are_asked_and_a_change_counts_at_once()
    {
        _catalog.Queue("q");
        SetGuest("^q$", "^$", "^q$");
        Refused(403, "configure access to queue 'r' in vhost '/' refused for user 'guest'", () => _catalog.Queue("r"));
        Refused(403, "write access to queue 'q' in vhost '/' refused for user 'guest'",
            () => _catalog.Bind("amq.direct", "q", "k"));
        SetGuest("^q$", "^q$", "^q$");
        Refused(403, "read access to exchange 'amq.direct' in vhost '/' refused for user 'guest'",
            () => _catalog.Bind("amq.direct", "q", "k"));
        SetGuest("^$", ".*", "^$");
        Refused(403, "read access to queue 'q' in vhost '/' refused for user 'guest'",
            () => QueueRules.FindForRead(_catalog.Guest, "q", 1));
        Refused(403, "configure access to queue 'q' in vhost '/' refused for user 'guest'",
            () => QueueRules.FindForDelete(_catalog.Guest, "q"));
        SetGuest(".*", ".*", ".*");
        _catalog.Bind("amq.direct", "q", "k");
    }

    [Fact]
    public void J11b_carriage_returns_and_line_feeds_are_dropped_from_names()
    {
        var queue = _catalog.Queue("a\r\nb\n");
        Assert.Equal("ab", queue.Name);
        Assert.Same(queue, QueueRules.Find(_catalog.Guest, "\nab", 1));
        _catalog.Bind("amq.\ndirect", "a\nb", "k");
        Assert.Equal("ab", _catalog.Route("amq.direct", "k"));
    }

    [Fact]
    public void J12_a_vhost_has_as_many_queues_as_its_limit_says()
    {
        _catalog.Queue("one");
        _catalog.Store.AddVHost("/", new VHostLimits(MaxQueues: 2));
        _catalog.Queue("two");
        Refused(406, "cannot declare queue 'three': queue limit in vhost '/' (2) is reached (max-queues of the "
            + "vhost: 2 of 2 in use)",
            () => _catalog.Queue("three"));
        _catalog.Queue("one");
        _catalog.DeleteQueue("one");
        _catalog.Queue("three");
    }

    [Fact]
    public void A_queue_that_is_deleted_and_declared_again_is_another_one()
    {
        var first = _catalog.Queue("q");
        _catalog.Bind("amq.direct", "q", "k");
        _catalog.DeleteQueue("q");
        Assert.True(first.IsDeleted);
        var second = _catalog.Queue("q");
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal("", _catalog.Route("amq.direct", "k"));
        // Who still holds the first one cannot harm the second.
        _catalog.Store.DeleteQueue(_catalog.VHost, first, () => { });
        Assert.Same(second, _catalog.FindQueue("q"));
        Assert.Equal(["+q", "-q", "+q"], _catalog.Events);
    }

    [Fact]
    public void The_arguments_of_a_consumer_are_checked()
    {
        var queue = _catalog.Queue("q");
        QueueRules.CheckConsumeArguments(queue, new FieldTable().Add("x-priority", -5).Add("other", "x"));
        Refused(406, "invalid arg 'x-priority' for queue 'q' in vhost '/': expected an integer, got longstr",
            () => QueueRules.CheckConsumeArguments(queue, new FieldTable().Add("x-priority", "high")));
    }

    private static void Refused(ushort code, string text, Action act) => CatalogFixture.Refused(code, text, act);

    private void Declare(QueueDeclare method) => QueueRules.Declare(_catalog.Guest, method, _ => { });

    private void SetGuest(string configure, string write, string read) => CatalogFixture.Done(done =>
        _catalog.Store.SetPermissions("guest", "/", new Permissions(configure, write, read), _ => done()));
}
