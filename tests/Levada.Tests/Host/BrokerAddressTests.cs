using System.Collections;
using System.Diagnostics;
using Levada.Cli.Control;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>Which broker the command line asks, and as whom; saved profiles; the local socket.</summary>
public sealed class BrokerAddressTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private ProfileFile Profiles => new(Path.Combine(_folder.Path, "levada", "profiles"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_said_comes_before_what_is_saved()
    {
        Profiles.Write([new Profile("far", "https://ops:secret@far:1234", new TlsFiles { IsInsecure = true })], "far");
        var environment = new Hashtable();
        Assert.Equal("https://far:1234", Find(new AddressOptions(), environment).Name);
        Assert.True(Find(new AddressOptions(), environment).Tls.IsInsecure);
        environment["LAVINMQCTL_CONTROL_UNIX_PATH"] = "/run/lavin.sock";
        Assert.Equal("/run/lavin.sock", Find(new AddressOptions(), environment).Name);
        Assert.Null(Find(new AddressOptions(), environment).Credentials);
        environment["LEVADA_CONTROL_UNIX_PATH"] = "/run/levada.sock";
        Assert.Equal("/run/levada.sock", Find(new AddressOptions(), environment).Name);
        environment["LAVINMQCTL_HOST"] = "lavin:8080";
        Assert.Equal("http://lavin:8080", Find(new AddressOptions(), environment).Name);
        environment["LEVADA_API_URI"] = "http://env";
        Assert.Equal("http://env:15672", Find(new AddressOptions(), environment).Name);
        Assert.Equal("http://host:15672", Find(new AddressOptions { Host = "host" }, environment).Name);
        Assert.Equal("https://far:1234", Find(new AddressOptions { Profile = "far" }, environment).Name);
        var both = new AddressOptions { Uri = "http://a:b@u:99", Profile = "far" };
        Assert.Equal("http://u:99", Find(both, environment).Name);
        Assert.Equal("/s", Find(new AddressOptions { Socket = "/s", Uri = "http://u" }, environment).Name);
    }

    [Fact]
    public void Credentials_come_from_options_then_the_address()
    {
        var environment = new Hashtable();
        var given = new AddressOptions { Uri = "http://ada:p%40ss@h" };
        Assert.Equal("ada:p@ss", Find(given, environment).Credentials);
        Assert.Equal("eve:x", Find(given with { User = "eve", Password = "x" }, environment).Credentials);
        Assert.Equal("guest:guest", Find(new AddressOptions { Uri = "http://h" }, environment).Credentials);
        var wrong = Assert.Throws<ControlException>(() => Find(new AddressOptions { Uri = "amqp://h" }, environment));
        Assert.Equal(ControlExit.Usage, wrong.ExitCode);
        Assert.Throws<ControlException>(() => Find(new AddressOptions { Profile = "none" }, environment));
    }

    [Fact]
    public async Task Profiles_are_saved_for_their_owner_only()
    {
        var added = await RunAsync("secret\n", "profile", "add", "far", "https://ops@far:1234", "--insecure");
        Assert.Equal(0, added.ExitCode);
        Assert.Equal(0, (await RunAsync("", "profile", "add", "near", "http://a:b@near:1", "--use")).ExitCode);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Profiles.Path));
        }
        Assert.Equal("https://ops:secret@far:1234/", Profiles.Find("far").Uri);
        Assert.Equal("near", Profiles.InUse);
        var (_, list, _) = await RunAsync("", "profile", "list");
        Assert.DoesNotContain("secret", list, StringComparison.Ordinal);
        Assert.Contains("near\tyes\thttp://a:***@near:1/", list, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("", "profile", "use", "far")).ExitCode);
        Assert.Equal(0, (await RunAsync("", "profile", "remove", "far")).ExitCode);
        Assert.Null(Profiles.InUse);
        Assert.Equal(["near"], Profiles.All().Select(static p => p.Name));
        Assert.Equal(64, (await RunAsync("", "profile", "remove", "far")).ExitCode);
        Assert.Equal(64, (await RunAsync("", "profile", "add", "no name", "http://h")).ExitCode);
    }

    [Fact]
    public async Task The_socket_of_a_broker_here_needs_no_password()
    {
        await using var broker = await BrokerProcess.StartAsync(
            _folder.Path, "--http-port", "0");
        var (code, output, error) = await RunAsync("", "list_users", "-s");
        Assert.True(code == 0, error);
        Assert.Equal("guest\t[administrator]\n", output);
        var refused = await RunAsync("", "list_users", "--socket", Path.Combine(_folder.Path, "none.sock"));
        Assert.Equal(69, refused.ExitCode);
        Assert.Contains("(--socket): there is no such file", refused.Error, StringComparison.Ordinal);
        var wrong = await RunAsync("", "list_users", "--uri", $"http://eve:x@{broker.Http}");
        Assert.Equal(67, wrong.ExitCode);
        Assert.Contains("(--uri): login failed for user 'eve'", wrong.Error, StringComparison.Ordinal);
    }

    private BrokerAddress Find(AddressOptions given, IDictionary environment) =>
        BrokerAddress.Find(given, environment, Profiles);

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(BrokerProcess.Executable, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["XDG_CONFIG_HOME"] = _folder.Path, ["LEVADA_DATA_DIR"] = _folder.Path },
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output, error);
    }
}
