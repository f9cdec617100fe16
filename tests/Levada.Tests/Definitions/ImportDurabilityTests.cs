using System.Text.Json;
using Levada.Definitions;
using Levada.Tests.Catalog;
using Xunit;

namespace Levada.Tests.Definitions;

/// <summary>An import is one record of the catalog's log.</summary>
public sealed class ImportDurabilityTests
{
    private const string Document = """
        {"vhosts":[{"name":"v","description":"d"}],"users":[{"name":"u","password":"p","tags":"t"}],
        "permissions":[{"user":"u","vhost":"v","configure":"c","write":"w","read":"r"}],
        "global_parameters":[{"name":"g","value":{"k":1}}],
        "parameters":[{"component":"vhost-limits","vhost":"v","name":"limits","value":{"max-queues":9}}],
        "policies":[{"vhost":"v","name":"p","pattern":".*","definition":{"max-length":5}}],
        "exchanges":[{"name":"x","vhost":"v","type":"topic","durable":true}],
        "queues":[{"name":"q","vhost":"v","durable":true}],
        "bindings":[{"source":"x","vhost":"v","destination":"q","destination_type":"queue","routing_key":"k"}]}
        """;

    private readonly PowerCutDisk _disk = new();

    [Fact]
    public void Wherever_the_log_is_torn_all_of_it_is_there_or_nothing()
    {
        var catalog = new CatalogFixture(_disk);
        var before = DefinitionsWriter.Write(catalog.Store, "1");
        var start = Used();
        Import(catalog);
        var after = DefinitionsWriter.Write(catalog.Store, "1");
        var log = _disk[CatalogFixture.LogPath];
        var (none, all) = (0, 0);
        // The mark at the end says that it was durable: with it a tear would be damage.
        for (var length = start; length < Used() - 20; length++)
        {
            _disk[CatalogFixture.LogPath] = [.. log.AsSpan(0, length), .. new byte[100]];
            var restarted = new CatalogFixture(_disk);
            Assert.Empty(restarted.Report.Damage);
            var found = DefinitionsWriter.Write(restarted.Store, "1");
            if (found.AsSpan().SequenceEqual(before))
                none++;
            else if (found.AsSpan().SequenceEqual(after))
                all++;
            else
                Assert.Fail($"half of it, torn at {length}");
            _disk[CatalogFixture.LogPath] = log;
        }

        Assert.True(none > 100, $"{none} without it, {all} with it");

        int Used() => _disk[CatalogFixture.LogPath].AsSpan().TrimEnd((byte)0).Length;
    }

    [Fact]
    public void What_is_imported_survives_a_power_cut()
    {
        var catalog = new CatalogFixture(_disk);
        Import(catalog);
        var after = DefinitionsWriter.Write(catalog.Store, "1");
        _disk.Crash(new Random(1));
        Assert.Equal(after, DefinitionsWriter.Write(new CatalogFixture(_disk).Store, "1"));
    }

    private static void Import(CatalogFixture catalog)
    {
        var document = DefinitionsDocument.Read(JsonElement.Parse(Document));
        CatalogFixture.Done(done => catalog.Store.Import(document, isDryRun: false, _ => done()));
    }
}
