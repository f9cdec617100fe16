using Levada.Auth;
using Levada.Catalog;
using Levada.Exchanges;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Catalog;

public sealed class ExchangeRulesTests
{
    private readonly CatalogFixture _catalog = new();

    [Fact]
    public void A_virtual_host_has_the_exchanges_that_every_one_has()
    {
        var names = _catalog.VHost.Exchanges().Where(x => x.Durable).Select(x => $"{x.Name}:{x.Type.Name()}").Order();
        Assert.Equal(
            [
                ":direct", "amq.direct:direct", "amq.fanout:fanout", "amq.headers:headers", "amq.match:headers",
                "amq.rabbitmq.trace:topic", "amq.topic:topic",
            ],
            names);
        Assert.True(_catalog.FindExchange("amq.rabbitmq.trace")!.Internal);
    }

    [Fact]
    public void J3_a_missing_exchange_is_404()
    {
        _catalog.Queue("q");
        Refused(404, "no exchange 'x' in vhost '/'", () => Declare(new ExchangeDeclare("x", "direct", Passive: true)));
        Refused(404, "no exchange 'x' in vhost '/'", () => _catalog.Bind("x", "q"));
        Refused(404, "no queue 'r' in vhost '/'", () => _catalog.Bind("amq.direct", "r"));
        Refused(404, "no exchange 'x' in vhost '/'", () => _catalog.BindExchange("amq.direct", "x"));
        _catalog.DeleteExchange("x");
        _catalog.Unbind("x", "q");
        _catalog.Unbind("amq.direct", "r");
        _catalog.UnbindExchange("amq.direct", "x");
        _catalog.Unbind("amq.direct", "q", "never bound");
    }

    [Fact]
    public void J5_another_declaration_is_406_and_says_what_differs()
    {
        var spare = new FieldTable().Add("alternate-exchange", "spare");
        _catalog.Exchange("x", "direct", arguments: spare);
        const string For = "for exchange 'x' in vhost '/': ";
        Refused(406, $"inequivalent arg 'type' {For}received 'fanout' but current is 'direct'",
            () => _catalog.Exchange("x", "fanout", arguments: spare));
        Refused(406, $"inequivalent arg 'durable' {For}received 'true' but current is 'false'",
            () => _catalog.Exchange("x", durable: true, arguments: spare));
        Refused(406, $"inequivalent arg 'auto_delete' {For}received 'true' but current is 'false'",
            () => _catalog.Exchange("x", autoDelete: true, arguments: spare));
        Refused(406, $"inequivalent arg 'internal' {For}received 'true' but current is 'false'",
            () => _catalog.Exchange("x", isInternal: true, arguments: spare));
        Refused(
            406,
            $"inequivalent arg 'alternate-exchange' {For}received none "
            + "but current is the value 'spare' of type 'longstr'",
            () => _catalog.Exchange("x"));
        _catalog.Exchange("x", arguments: new FieldTable().Add("alternate-exchange", "spare").Add("unknown", 1));
    }

    [Fact]
    public void J6_the_checks_come_in_RabbitMQs_order()
    {
        SetGuest("^x$", "^$", "^$");
        var alternate = new FieldTable().Add("alternate-exchange", "spare");
        Refused(403, "exchange name 'amq.x' contains reserved prefix 'amq.*'", () =>
        {
            SetGuest("x$", "^$", "^$");
            _catalog.Exchange("amq.x", "nope", arguments: new FieldTable().Add("alternate-exchange", 1));
        });
        Refused(406, "invalid type 'signedint' for arg 'alternate-exchange' in exchange 'x' in vhost '/'",
            () => _catalog.Exchange("x", "nope", arguments: new FieldTable().Add("alternate-exchange", 1)));
        Refused(403, "read access to exchange 'x' in vhost '/' refused for user 'guest'",
            () => _catalog.Exchange("x", "nope", arguments: alternate));
        SetGuest("^x$", "^$", "^x$");
        Refused(403, "write access to exchange 'spare' in vhost '/' refused for user 'guest'",
            () => _catalog.Exchange("x", "nope", arguments: alternate));
        SetGuest("^x$", "^spare$", "^x$");
        Refused(406, "unknown exchange type 'nope'", () => _catalog.Exchange("x", "nope", arguments: alternate));
        Refused(403, "configure access to exchange 'y' in vhost '/' refused for user 'guest'",
            () => _catalog.Exchange("y"));
    }

    [Fact]
    public void J7_reserved_names_and_system_exchanges_are_protected()
    {
        Refused(403, "exchange name 'amq.foo' contains reserved prefix 'amq.*'", () => _catalog.Exchange("amq.foo"));
        _catalog.Exchange("amq.direct", "direct", durable: true);
        Refused(403, "deletion of system exchange 'amq.direct' in vhost '/' not allowed",
            () => _catalog.DeleteExchange("amq.direct"));
    }

    [Fact]
    public void J7_the_default_exchange_is_not_to_be_touched()
    {
        const string Text = "operation not permitted on the default exchange";
        _catalog.Queue("q");
        Refused(403, Text, () => Declare(new ExchangeDeclare("", "direct")));
        Refused(403, Text, () => Declare(new ExchangeDeclare("", "direct", Passive: true)));
        Refused(403, Text, () => _catalog.DeleteExchange(""));
        Refused(403, Text, () => _catalog.Bind("", "q"));
        Refused(403, Text, () => _catalog.Unbind("", "q"));
        Refused(403, Text, () => _catalog.BindExchange("", "amq.direct"));
        Refused(403, Text, () => _catalog.BindExchange("amq.direct", ""));
        Refused(403, Text, () => _catalog.UnbindExchange("", "amq.direct"));
    }

    [Fact]
    public void J8_an_exchange_with_bindings_is_in_use()
    {
        _catalog.Exchange("x");
        _catalog.Exchange("y");
        _catalog.BindExchange("x", "y");
        Refused(406, "exchange 'x' in vhost '/' in use", () => _catalog.DeleteExchange("x", ifUnused: true));
        _catalog.DeleteExchange("y", ifUnused: true);
        _catalog.DeleteExchange("x", ifUnused: true);
        Assert.Null(_catalog.FindExchange("x"));
    }

    [Fact]
    public void J9_an_unknown_type_closes_the_channel() =>
        Refused(406, "unknown exchange type 'nope'", () => _catalog.Exchange("x", "nope"));

    [Fact]
    public void J11_bindings_need_write_on_the_destination_and_read_on_the_source()
    {
        _catalog.Exchange("from", "topic");
        _catalog.Exchange("to");
        SetGuest(".*", "^$", ".*");
        Refused(403, "write access to exchange 'to' in vhost '/' refused for user 'guest'",
            () => _catalog.BindExchange("from", "to", "k"));
        SetGuest(".*", ".*", "^$");
        Refused(403, "read access to exchange 'from' in vhost '/' refused for user 'guest'",
            () => _catalog.UnbindExchange("from", "to", "k"));
    }

    [Fact]
    public void J11_topic_permissions_restrict_routing_keys_on_one_exchange()
    {
        _catalog.Queue("q");
        CatalogFixture.Done(done => _catalog.Store.UpdateUser(
            "guest",
            user => user with
            {
                TopicPermissions = user.TopicPermissions.Add(
                    ("/", "amq.topic"), new TopicPermissions("guest", "/", "^{username}\\.", "^open\\.")),
            },
            _ => done()));
        Refused(403, "read access to topic 'shut.x' in exchange 'amq.topic' in vhost '/' refused for user 'guest'",
            () => _catalog.Bind("amq.topic", "q", "shut.x"));
        _catalog.Bind("amq.topic", "q", "open.x");
        _catalog.Bind("amq.direct", "q", "shut.x");
        var access = _catalog.Guest.Access;
        Assert.True(access.HasTopicPermissions);
        var topic = _catalog.FindExchange("amq.topic")!;
        access.CheckTopic(Right.Write, topic, "guest.x"u8, MethodId.BasicPublish);
        Refused(403, "write access to topic 'other.x' in exchange 'amq.topic' in vhost '/' refused for user 'guest'",
            () => access.CheckTopic(Right.Write, topic, "other.x"u8, MethodId.BasicPublish));
    }

    [Fact]
    public void I16_the_default_exchange_is_asked_about_as_amq_default()
    {
        SetGuest(".*", "^amq\\.default$", ".*");
        _catalog.Guest.Access.CheckExchange(Right.Write, "", MethodId.BasicPublish);
        SetGuest(".*", "^$", ".*");
        Refused(403, "write access to exchange 'amq.default' in vhost '/' refused for user 'guest'",
            () => _catalog.Guest.Access.CheckExchange(Right.Write, "", MethodId.BasicPublish));
    }

    [Fact]
    public void Bindings_differ_by_key_and_by_arguments_in_any_order()
    {
        _catalog.Queue("q");
        var exchange = _catalog.FindExchange("amq.headers")!;
        _catalog.Bind("amq.headers", "q", "k", new FieldTable().Add("a", 1).Add("b", 2));
        _catalog.Bind("amq.headers", "q", "k", new FieldTable().Add("b", 2).Add("a", 1));
        Assert.Single(VHost.BindingsFrom(exchange));
        _catalog.Bind("amq.headers", "q", "k", new FieldTable().Add("a", 1));
        _catalog.Bind("amq.headers", "q", "j", new FieldTable().Add("a", 1));
        Assert.Equal(3, VHost.BindingsFrom(exchange).Count);
        _catalog.Unbind("amq.headers", "q", "k", new FieldTable().Add("b", 2).Add("a", 1));
        Assert.Equal(2, VHost.BindingsFrom(exchange).Count);
    }

    [Fact]
    public void A_headers_binding_with_a_bad_x_match_is_406()
    {
        _catalog.Queue("q");
        Refused(406, "Invalid x-match field value 'some'; expected all, any, all-with-x, or any-with-x",
            () => _catalog.Bind("amq.headers", "q", "", new FieldTable().Add("x-match", "some")));
        Refused(406, "Invalid x-match field type signedint (value 1); expected longstr",
            () => _catalog.Bind("amq.headers", "q", "", new FieldTable().Add("x-match", 1)));
        _catalog.Bind("amq.direct", "q", "", new FieldTable().Add("x-match", "some"));
    }

    [Fact]
    public void An_auto_delete_exchange_goes_with_its_last_binding_and_takes_others_along()
    {
        _catalog.Queue("q");
        foreach (var name in new[] { "x1", "x2", "x3" })
            _catalog.Exchange(name, "fanout", autoDelete: true);
        _catalog.BindExchange("x1", "x2");
        _catalog.BindExchange("x2", "x3");
        _catalog.Bind("x3", "q", "a");
        _catalog.Bind("x3", "q", "b");
        _catalog.Unbind("x3", "q", "a");
        Assert.NotNull(_catalog.FindExchange("x3"));
        _catalog.Unbind("x3", "q", "b");
        Assert.Null(_catalog.FindExchange("x3"));
        Assert.Null(_catalog.FindExchange("x2"));
        Assert.Null(_catalog.FindExchange("x1"));
    }

    [Fact]
    public void An_auto_delete_exchange_goes_with_the_queue_it_led_to_and_not_before_it_had_a_binding()
    {
        _catalog.Queue("q");
        _catalog.Exchange("x", autoDelete: true);
        _catalog.Exchange("unbound", autoDelete: true);
        _catalog.Bind("x", "q");
        _catalog.DeleteQueue("q");
        Assert.Null(_catalog.FindExchange("x"));
        Assert.NotNull(_catalog.FindExchange("unbound"));
    }

    [Fact]
    public void A_long_chain_of_auto_delete_exchanges_goes_at_once()
    {
        const int Length = 3000;
        _catalog.Queue("q");
        for (var i = 0; i < Length; i++)
            _catalog.Exchange($"x{i}", "fanout", autoDelete: true);
        for (var i = 1; i < Length; i++)
            _catalog.BindExchange($"x{i}", $"x{i - 1}");
        _catalog.Bind("x0", "q");
        _catalog.DeleteQueue("q");
        Assert.Null(_catalog.FindExchange($"x{Length - 1}"));
    }

    [Fact]
    public void Deleting_an_exchange_takes_its_bindings_at_both_ends()
    {
        _catalog.Queue("q");
        foreach (var name in new[] { "x1", "x2", "x3" })
            _catalog.Exchange(name, "fanout");
        _catalog.BindExchange("x1", "x2");
        _catalog.BindExchange("x2", "x3");
        _catalog.BindExchange("x2", "x2");
        _catalog.Bind("x2", "q");
        _catalog.DeleteExchange("x2");
        Assert.Empty(VHost.BindingsFrom(_catalog.FindExchange("x1")!));
        _catalog.Exchange("x2", "fanout");
        Assert.Empty(VHost.BindingsFrom(_catalog.FindExchange("x2")!));
        _catalog.DeleteExchange("x3", ifUnused: true);
        _catalog.DeleteQueue("q");
    }

    [Fact]
    public void A_deleted_vhost_takes_everything_with_it()
    {
        CatalogFixture.Done(done => _catalog.Store.AddVHost("v", VHostLimits.None, _ => done()));
        CatalogFixture.Done(done => _catalog.Store.SetPermissions("guest", "v", Permissions.All, _ => done()));
        var inside = _catalog.As("guest", "v");
        QueueRules.Declare(inside, new QueueDeclare("q"), _ => { });
        CatalogFixture.Done(done => ExchangeRules.Declare(inside, new ExchangeDeclare("x", "direct"), done));
        CatalogFixture.Done(done => _catalog.Store.DeleteVHost("v", _ => done()));
        Assert.Null(_catalog.Store.FindVHost("v"));
        Assert.True(inside.VHost.IsDeleted);
        Assert.False(inside.Access.MayEnter);
        Assert.Equal(["+q", "-q", "-vhost 'v'"], _catalog.Events);
        CatalogFixture.Done(done => _catalog.Store.AddVHost("v", VHostLimits.None, _ => done()));
        Assert.Null(_catalog.Store.FindVHost("v")!.FindQueue("q"u8));
        Assert.False(_catalog.As("guest", "v").Access.MayEnter);
        CatalogFixture.Done(done => _catalog.Store.SetPermissions("guest", "v", Permissions.All, _ => done()));
        Refused(404, "vhost 'v' is deleted", () => QueueRules.Declare(inside, new QueueDeclare("q"), _ => { }));
    }

    private static void Refused(ushort code, string text, Action act) => CatalogFixture.Refused(code, text, act);

    private void Declare(ExchangeDeclare method) => ExchangeRules.Declare(_catalog.Guest, method, () => { });

    private void SetGuest(string configure, string write, string read) => CatalogFixture.Done(done =>
        _catalog.Store.SetPermissions("guest", "/", new Permissions(configure, write, read), _ => done()));
}
