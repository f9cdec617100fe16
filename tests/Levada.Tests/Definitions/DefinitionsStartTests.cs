using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Definitions;

/// <summary>load_definitions: definitions imported at each start.</summary>
public sealed class DefinitionsStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("levada-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LevadaFact]
    public async Task They_are_there_before_the_first_client_and_the_default_user_is_not()
    {
        var file = Write("one.json", """
            {"users":[{"name":"first","password":"first","tags":"administrator"}],"vhosts":[{"name":"/"}],
            "permissions":[{"user":"first","vhost":"/","configure":".*","write":".*","read":".*"}],
            "queues":[{"name":"q","vhost":"/","durable":true,"auto_delete":false,"arguments":{}}]}
            """);
        await using var broker = await TestBroker.StartAsync(o => o.LoadDefinitions = file);
        using (var connection = RawConnection.OpenWithChannel(broker, new Login("first", "first")))
            connection.Fill("q", new BasicProperties { DeliveryMode = 2 }, "kept");
        using var guest = RawConnection.Connect(broker);
        guest.SendStartOk(new Login("guest", "guest"));
        guest.ExpectConnectionClose(403, "ACCESS_REFUSED - Login was refused", 0);

        // Again at the next start, on what is there.
        Write("one.json", """{"vhosts":[{"name":"more"}],"users":[{"name":"first","password":"new","tags":""}]}""");
        await broker.StopAsync();
        await broker.StartAgainAsync();
        Assert.NotNull(broker.Broker.Catalog.FindVHost("more"));
        using var again = RawConnection.OpenWithChannel(broker, new Login("first", "new"));
        Assert.Equal("kept", again.Get(1, "q").Text);
    }

    [LevadaFact]
    public async Task What_was_loaded_last_is_skipped_if_asked_until_it_is_another()
    {
        var file = Write("one.json", """{"vhosts":[{"name":"/"},{"name":"v"}]}""");
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.LoadDefinitions = file;
            o.SkipUnchangedDefinitions = true;
        });
        await DeletedAsync(broker, "v");
        await broker.StopAsync();
        await broker.StartAgainAsync();
        Assert.Null(broker.Broker.Catalog.FindVHost("v"));
        Write("one.json", """{"vhosts":[{"name":"v"},{"name":"/"}]}""");
        await broker.StopAsync();
        await broker.StartAgainAsync();
        Assert.NotNull(broker.Broker.Catalog.FindVHost("v"));
    }

    private static async Task DeletedAsync(TestBroker broker, string vhost)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        broker.Broker.Catalog.DeleteVHost(vhost, done.SetResult);
        Assert.True(await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [LevadaFact]
    public async Task The_files_of_a_folder_are_one()
    {
        Write("2.json", """{"permissions":[{"user":"u","vhost":"v","configure":"","write":"","read":""}]}""");
        Write("3.json", """{"vhosts":[{"name":"v"}],"users":[{"name":"u","tags":""}]}""");
        Write("ignored.txt", "{");
        await using var broker = await TestBroker.StartAsync(o => o.LoadDefinitions = _folder);
        Assert.True(broker.Broker.Catalog.Accounts.Find("u")!.Permissions.ContainsKey("v"));
    }

    [LevadaTheory]
    [InlineData("{", "one.json: ")]
    [InlineData("""{"vhosts":[{"name":"n"}],"queues":[{"name":"q","vhost":"no"}]}""", "there is no vhost 'no'")]
    [InlineData(null, "load_definitions")]
    public async Task What_cannot_be_imported_stops_the_start_and_leaves_nothing(string? content, string reason)
    {
        var file = Path.Combine(_folder, "one.json");
        if (content is not null)
            Write("one.json", content);
        var data = Path.Combine(_folder, "data");
        var options = new BrokerOptions { DataDir = data, AmqpListeners = [], LoadDefinitions = file };
        await using (var broker = new Levada.Broker(options, new CapturedLog()))
        {
            var fault = await Assert.ThrowsAsync<IOException>(() => broker.StartAsync());
            Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        }

        // Without it the next start is a first one.
        options.LoadDefinitions = "";
        await using var next = new Levada.Broker(options, new CapturedLog());
        await next.StartAsync();
        Assert.Equal(["/"], next.Catalog.VHosts.Select(v => v.Name));
        Assert.NotNull(next.Catalog.Accounts.Find("guest"));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
