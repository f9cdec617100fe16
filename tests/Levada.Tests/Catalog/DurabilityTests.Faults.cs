using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Catalog;

/// <summary>The catalog on a disk that is full, fails or is not ours to touch.</summary>
public sealed partial class DurabilityTests
{
    [Fact]
    public void A_full_disk_refuses_what_adds_lets_deletions_pass_and_recovers()
    {
        var catalog = new CatalogFixture(_disk);
        catalog.Queue("old", durable: true);
        _disk.Free = 0;
        var refusals = 0;
        for (var i = 0; i < 2000 && refusals == 0; i++)
        {
            try
            {
                catalog.Queue($"q{i}", durable: true, arguments: new FieldTable().Add("pad", new string('x', 1000)));
            }
            catch (AmqpException fault)
            {
                Assert.Equal(506, fault.ReplyCode);
                Assert.StartsWith("no room on the broker's disk", fault.Text);
                refusals++;
            }
        }

        Assert.Equal(1, refusals);
        catalog.Queue("transient");
        catalog.Queue("old", durable: true);
        catalog.DeleteQueue("old");
        Assert.Null(catalog.FindQueue("old"));
        _disk.Free = long.MaxValue;
        catalog.Store.RetryWrites();
        SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    catalog.Queue("new", durable: true);
                    return true;
                }
                catch (AmqpException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30));
        Assert.NotNull(catalog.FindQueue("new"));
        Assert.Null(new CatalogFixture(_disk).FindQueue("old"));
        Assert.NotNull(new CatalogFixture(_disk).FindQueue("new"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_start_on_a_full_disk_needs_no_room(bool damaged)
    {
        var catalog = new CatalogFixture(_disk);
        catalog.Queue("q1", durable: true);
        catalog.Queue("q2", durable: true);
        var log = _disk[CatalogFixture.LogPath];
        var used = Trimmed().Length;
        // Damage in the middle, or a tail that was never finished and has a whole record behind its torn one.
        if (damaged)
            log[log.AsSpan().IndexOf("q1"u8)] ^= 1;
        else
            log.AsSpan(used - 160, 100).CopyTo(log.AsSpan(used + 50));
        _disk[CatalogFixture.LogPath] = log;
        _disk.Free = 0;
        for (var start = 0; start < 3; start++)
        {
            var restarted = new CatalogFixture(_disk);
            Assert.NotNull(restarted.FindQueue("q2"));
            Assert.Equal(damaged ? 1 : 0, restarted.Report.Damage.Count);
            Assert.Equal(!damaged && start == 0, restarted.Report.TornOctets > 0);
        }

        _disk.Free = long.MaxValue;
        Assert.Equal(damaged ? 1 : 0, new CatalogFixture(_disk).Report.Damage.Count);
        Assert.Empty(new CatalogFixture(_disk).Report.Damage);
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_room_on_the_disk()
    {
        var catalog = new CatalogFixture(_disk);
        _disk.Free = 0;
        var done = false;
        var padding = new FieldTable().Add("padding", new string('x', 2_000_000));
        QueueRules.Declare(catalog.Guest, new QueueDeclare("q", Durable: true, Arguments: padding), _ => done = true);
        await catalog.Store.DisposeAsync();
        Assert.False(done);
        var restarted = new CatalogFixture(_disk);
        Assert.Null(restarted.FindQueue("q"));
        Assert.Empty(restarted.Report.Damage);
    }

    [Fact]
    public void A_sync_that_fails_is_reported_and_nothing_is_done()
    {
        var catalog = new CatalogFixture(_disk);
        _disk.FailSync = new IOException("the disk is broken");
        var done = false;
        QueueRules.Declare(catalog.Guest, new QueueDeclare("q", Durable: true), _ => done = true);
        SpinWait.SpinUntil(() => catalog.Fault is not null, TimeSpan.FromSeconds(30));
        Assert.Same(_disk.FailSync, catalog.Fault);
        Assert.False(done);
        Assert.Null(catalog.FindQueue("q"));
    }

    [Fact]
    public void A_log_of_a_later_version_is_not_touched()
    {
        _ = new CatalogFixture(_disk);
        var log = _disk[CatalogFixture.LogPath];
        var header = log.AsSpan(0, CatalogFormat.HeaderLength);
        header[8] = 2;
        BitConverter.TryWriteBytes(header[12..], CatalogFormat.Crc(0, header[..12]));
        _disk[CatalogFixture.LogPath] = log;
        Assert.Contains("later version", Assert.Throws<IOException>(() => new CatalogFixture(_disk)).Message);
        Assert.Equal(log, _disk[CatalogFixture.LogPath]);
    }

    [Fact]
    public async Task Disposing_waits_for_what_is_on_its_way()
    {
        var catalog = new CatalogFixture(_disk);
        QueueRules.Declare(catalog.Guest, new QueueDeclare("q", Durable: true), _ => { });
        await catalog.Store.DisposeAsync();
        Assert.NotNull(new CatalogFixture(_disk).FindQueue("q"));
    }
}
