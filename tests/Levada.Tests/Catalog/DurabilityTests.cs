using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Catalog;

public sealed partial class DurabilityTests
{
    private readonly PowerCutDisk _disk = new();

    [Fact]
    public void What_is_durable_is_there_after_a_restart_and_nothing_else_is()
    {
        var first = new CatalogFixture(_disk);
        Assert.True(first.Report.IsNew);
        Fill(first);
        first.Queue("transient");
        first.Queue("exclusive", durable: true, exclusive: true);
        first.Exchange("fleeting", "fanout");
        first.Bind("amq.topic", "transient", "#");
        first.Bind("fleeting", "kept");
        first.BindExchange("fleeting", "amq.topic");
        var before = first.Everything();

        var second = new CatalogFixture(_disk);
        Assert.Equal(before, second.Everything());
        Assert.False(second.Report.IsNew);
        Assert.Empty(second.Report.Damage);
        Assert.Equal(0, second.Report.TornOctets);
        Assert.Equal("deleted-not,kept", string.Join(',', second.Report.Queues.Select(q => q.Name).Order()));
        Assert.Null(second.FindQueue("transient"));
        Assert.Null(second.FindQueue("exclusive"));
        Assert.Null(second.FindExchange("fleeting"));
        Assert.Equal("kept", second.Route("amq.topic", "a.x"));
        Assert.Empty(second.Events);
        Assert.NotNull(new Authenticator(
            () => second.Store.Accounts, () => new HashSet<string>(), Authenticator.Mechanisms)
            .Authenticate("PLAIN", "\0anna\0secret"u8, null).User);
    }

    [Fact]
    public void Epochs_grow_and_queue_ids_never_come_back()
    {
        uint epoch = 0;
        ulong id = 0;
        for (var start = 0; start < 5; start++)
        {
            var catalog = new CatalogFixture(_disk);
            Assert.True(catalog.Store.Epoch > epoch);
            epoch = catalog.Store.Epoch;
            for (var i = 0; i < 3; i++)
            {
                var queue = catalog.Queue($"q{i}");
                Assert.True(queue.Id.Value > id);
                Assert.True(queue.Id.Value >= catalog.Report.QueueIdCounter);
                id = queue.Id.Value;
            }
        }
    }

    [Fact]
    public void Transient_queues_write_nothing()
    {
        var catalog = new CatalogFixture(_disk);
        var syncs = _disk.Syncs;
        for (var i = 0; i < 1000; i++)
            catalog.Queue($"q{i}");
        Assert.Equal(syncs, _disk.Syncs);
    }

    [Fact]
    public void A_queue_stays_on_its_shard_while_the_node_has_it()
    {
        var first = new CatalogFixture(_disk, shards: 8);
        var shards = new Dictionary<string, int>();
        for (var i = 0; i < 40; i++)
            shards[$"q{i}"] = first.Queue($"q{i}", durable: true).Shard.Id.Value;
        Assert.Equal(8, shards.Values.Distinct().Count());
        var more = new CatalogFixture(_disk, shards: 16);
        Assert.All(shards, one => Assert.Equal(one.Value, more.FindQueue(one.Key)!.Shard.Id.Value));
        var fewer = new CatalogFixture(_disk, shards: 3);
        Assert.All(shards, one => Assert.Equal(one.Value % 3, fewer.FindQueue(one.Key)!.Shard.Id.Value));
    }

    [Fact]
    public void Nobody_sees_a_change_before_it_is_durable_and_what_gathers_is_one_group()
    {
        var catalog = new CatalogFixture(_disk);
        var syncs = _disk.Syncs;
        _disk.Gate.Reset();
        var done = new CountdownEvent(101);
        for (var i = 0; i < 100; i++)
            QueueRules.Declare(catalog.Guest, new QueueDeclare($"q{i}", Durable: true), _ => done.Signal());
        QueueRules.Declare(catalog.Guest, new QueueDeclare("transient"), _ => done.Signal());
        Assert.Equal(101, done.CurrentCount);
        Assert.Null(catalog.FindQueue("q0"));
        Assert.Null(catalog.FindQueue("transient"));
        _disk.Gate.Set();
        Assert.True(done.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.NotNull(catalog.FindQueue("q99"));
        Assert.NotNull(catalog.FindQueue("transient"));
        Assert.InRange(_disk.Syncs - syncs, 1, 2);
    }

    [Fact]
    public void A_pending_declaration_is_already_what_others_are_compared_with()
    {
        var catalog = new CatalogFixture(_disk);
        _disk.Gate.Reset();
        var done = new CountdownEvent(2);
        QueueRules.Declare(catalog.Guest, new QueueDeclare("q", Durable: true), _ => done.Signal());
        Assert.Equal(406, Assert.Throws<AmqpException>(
            () => QueueRules.Declare(catalog.Guest, new QueueDeclare("q"), _ => { })).ReplyCode);
        QueueRules.Declare(catalog.Guest, new QueueDeclare("q", Durable: true), _ => done.Signal());
        Assert.Equal(2, done.CurrentCount);
        _disk.Gate.Set();
        Assert.True(done.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_torn_tail_is_cut_and_what_was_done_before_it_is_kept()
    {
        var catalog = new CatalogFixture(_disk);
        catalog.Queue("q1", durable: true);
        var before = catalog.Everything();
        var log = Trimmed();
        catalog.Queue("q2", durable: true);
        var longer = Trimmed();
        // Behind the mark that says that q1 is durable; the last mark goes with the tear.
        for (var length = log.Length; length < longer.Length - 20; length++)
        {
            _disk[CatalogFixture.LogPath] = [.. longer.AsSpan(0, length), .. new byte[100]];
            var restarted = new CatalogFixture(_disk);
            Assert.Empty(restarted.Report.Damage);
            var whole = restarted.FindQueue("q2") is not null;
            if (!whole)
            {
                Assert.Equal(before, restarted.Everything());
                Assert.True(restarted.Report.TornOctets > 0 || length == log.Length || longer[length - 1] == 0);
            }

            restarted.Queue("q3", durable: true);
            Assert.NotNull(new CatalogFixture(_disk).FindQueue("q3"));
        }
    }

    [Fact]
    public void A_damaged_record_costs_that_record_only_and_is_named()
    {
        var catalog = new CatalogFixture(_disk);
        for (var i = 0; i < 9; i++)
            catalog.Queue($"queue-{i}", durable: true);
        var log = _disk[CatalogFixture.LogPath];
        var at = log.AsSpan().IndexOf("queue-4"u8);
        log[at - 3] ^= 0x40;
        log[at + 9] ^= 0x01;
        _disk[CatalogFixture.LogPath] = log;

        var restarted = new CatalogFixture(_disk);
        var damage = Assert.Single(restarted.Report.Damage);
        Assert.Contains("record", damage);
        Assert.Equal(8, restarted.Report.Queues.Count);
        Assert.Null(restarted.FindQueue("queue-4"));
        Assert.Equal(log, _disk["data/catalog/catalog.damaged"]);
        Assert.True(restarted.Queue("queue-4", durable: true).Id.Value > restarted.Report.Queues.Max(q => q.Id.Value));
        Assert.Empty(new CatalogFixture(_disk).Report.Damage);
    }

    [Fact]
    public void A_damaged_record_is_named_if_its_name_can_be_made_out()
    {
        var catalog = new CatalogFixture(_disk);
        catalog.Queue("orders", durable: true);
        catalog.Queue("others", durable: true);
        var log = _disk[CatalogFixture.LogPath];
        log[log.AsSpan().IndexOf("orders"u8) + 8] ^= 0x01;
        _disk[CatalogFixture.LogPath] = log;
        Assert.Contains("'QueueAdded / orders'", Assert.Single(new CatalogFixture(_disk).Report.Damage));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_bit_that_flips_anywhere_costs_one_record_and_never_the_start(int seed)
    {
        var catalog = new CatalogFixture(_disk);
        Fill(catalog);
        var queues = catalog.Report.Queues.Count + 2;
        var log = _disk[CatalogFixture.LogPath];
        var random = new Random(seed);
        for (var round = 0; round < 150; round++)
        {
            var damaged = log.ToArray();
            damaged[random.Next(Trimmed(log).Length)] ^= (byte)(1 << random.Next(8));
            var disk = new PowerCutDisk { [CatalogFixture.LogPath] = damaged };
            var report = Start(disk);
            Assert.True(report.Damage.Count + (report.TornOctets > 0 ? 1 : 0) > 0);
            Assert.InRange(report.Queues.Count, queues - 1, queues + 1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_done_survives_power_cuts_one_after_another(int seed)
    {
        var random = new Random(seed);
        var expected = new HashSet<string>();
        uint epoch = 0;
        for (var life = 0; life < 25; life++)
        {
            var catalog = new CatalogFixture(_disk);
            Assert.Empty(catalog.Report.Damage);
            Assert.True(catalog.Store.Epoch > epoch);
            epoch = catalog.Store.Epoch;
            Assert.Equal(expected.Order(), catalog.Report.Queues.Select(q => q.Name).Order());
            for (var step = random.Next(12); step > 0; step--)
            {
                var name = "q" + random.Next(10);
                if (expected.Remove(name))
                    catalog.DeleteQueue(name);
                else
                {
                    expected.Add(name);
                    catalog.Queue(name, durable: true);
                }
            }

            // One more that is on its way when the power goes: it may be there or not.
            _disk.FailSync = new IOException("power");
            QueueRules.Declare(catalog.Guest, new QueueDeclare("maybe", Durable: true), _ => { });
            SpinWait.SpinUntil(() => catalog.Fault is not null, TimeSpan.FromSeconds(30));
            _disk.FailSync = null;
            _disk.Crash(random);
            var after = new CatalogFixture(_disk);
            if (after.FindQueue("maybe") is not null)
                after.DeleteQueue("maybe");
            _disk.Crash(random);
        }
    }

    [Fact]
    public void A_long_history_is_rewritten_and_the_state_stays()
    {
        var catalog = new CatalogFixture(_disk);
        Fill(catalog);
        var padding = new FieldTable().Add("padding", new string('x', 60_000));
        for (var i = 0; i < 80; i++)
        {
            catalog.Queue("churn", durable: true, arguments: padding);
            catalog.DeleteQueue("churn");
        }

        Assert.True(_disk[CatalogFixture.LogPath].Length < 3 * CatalogLog.LeastRewriteOctets / 2);
        var before = catalog.Everything();
        var restarted = new CatalogFixture(_disk);
        Assert.Equal(before, restarted.Everything());
        Assert.Empty(restarted.Report.Damage);
    }

    private static CatalogReport Start(PowerCutDisk disk) => new CatalogStore(
        new CatalogOptions { Folder = "data/catalog" }, [CatalogFixture.NewShard(0)], disk,
        new Platform.PoolScheduler(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).Start();

    private static void Fill(CatalogFixture catalog)
    {
        var arguments = new FieldTable().Add("x-max-length", 5).Add("own", FieldValue.Array(FieldValue.Int(1)));
        catalog.Queue("kept", durable: true, autoDelete: true, arguments: arguments);
        catalog.Queue("deleted", durable: true);
        catalog.Queue("deleted-not", durable: true);
        catalog.Exchange("topics", "topic", durable: true, arguments: new FieldTable().Add("alternate-exchange", "x"));
        catalog.Exchange("gone", "fanout", durable: true, autoDelete: true);
        catalog.Exchange("inner", "headers", durable: true, isInternal: true);
        catalog.Bind("amq.topic", "kept", "a.*");
        catalog.Bind("amq.topic", "kept", "b.*");
        catalog.Bind("amq.direct", "deleted", "k");
        catalog.Bind("gone", "deleted-not");
        catalog.BindExchange("topics", "inner", "#.x");
        catalog.Bind("inner", "kept", "", new FieldTable().Add("x-match", "any").Add("h", 1L));
        catalog.Unbind("amq.topic", "kept", "b.*");
        catalog.Unbind("gone", "deleted-not");
        catalog.DeleteQueue("deleted");
        var anna = new User("anna")
        {
            Password = PasswordHash.Create("secret", PasswordHash.Sha512),
            Tags = ["monitoring", "management"],
            MaxChannels = 9,
            Permissions = new User("").Permissions.Add("/", new Permissions("^a", "", ".*")),
            TopicPermissions = new User("").TopicPermissions
                .Add(("/", "topics"), new TopicPermissions("anna", "/", "^{username}", "#")),
        };
        CatalogFixture.Done(done => catalog.Store.SetUser(anna, done));
        CatalogFixture.Done(done => catalog.Store.SetUser(new User("gone"), done));
        CatalogFixture.Done(done => catalog.Store.DeleteUser("gone", done));
        CatalogFixture.Done(done => catalog.Store.AddVHost("second", new VHostLimits(7, null), _ => done()));
        CatalogFixture.Done(done => catalog.Store.AddVHost("third", VHostLimits.None, _ => done()));
        CatalogFixture.Done(done => catalog.Store.SetPermissions("anna", "third", Permissions.All, _ => done()));
        CatalogFixture.Done(done => catalog.Store.DeleteVHost("third", _ => done()));
    }

    private byte[] Trimmed() => Trimmed(_disk[CatalogFixture.LogPath]);

    private static byte[] Trimmed(byte[] log) => log[..(log.AsSpan().LastIndexOfAnyExcept((byte)0) + 1)];
}
