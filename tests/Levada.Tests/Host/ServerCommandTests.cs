using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The process as an operator sees it: options, log, lock, signals, exit codes.</summary>
public sealed class ServerCommandTests
{
    [Fact]
    public async Task It_listens_and_SIGTERM_stops_it()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        using var http = Guest(broker);
        using var overview = await http.GetAsync("/api/overview", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, overview.StatusCode);
        Assert.Equal(0, await broker.StopAsync());
        Assert.Contains(broker.Log, l => l.EndsWith(" INF server stopped", StringComparison.Ordinal));
        Assert.All(broker.Log, l => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]{3} [a-z]+ \S", l));
    }

    [Fact]
    public async Task SIGINT_stops_it_too()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        broker.Signal(PosixSignal.SIGINT);
        Assert.Equal(0, await broker.ExitAsync());
    }

    [Fact]
    public async Task Second_broker_on_a_folder_is_refused_by_name_and_process()
    {
        using var folder = new TempFolder();
        await using var first = await BrokerProcess.StartAsync(folder.Path);
        await using var second = BrokerProcess.Launch(folder.Path);
        Assert.Equal(3, await second.ExitAsync());
        var line = Assert.Single(second.Log, l => l.Contains(" CRT ", StringComparison.Ordinal));
        Assert.Contains(folder.Path, line, StringComparison.Ordinal);
        Assert.Contains($"process {first.Id}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_is_free_again_after_SIGKILL()
    {
        using var folder = new TempFolder();
        await using var first = await BrokerProcess.StartAsync(folder.Path);
        await first.KillAsync();
        await using var second = await BrokerProcess.StartAsync(folder.Path);
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task Taken_port_is_named()
    {
        using var folder = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var broker = BrokerProcess.Launch(folder.Path, "--http-port", $"{port}");
        Assert.Equal(1, await broker.ExitAsync());
        Assert.Contains(broker.Log, l => l.Contains($":{port}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Misspelt_key_in_the_file_is_refused_with_the_right_one()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "levada.conf");
        await File.WriteAllTextAsync(file, "heartbaet = 30\n", TestContext.Current.CancellationToken);
        await using var broker = BrokerProcess.Launch(folder.Path, "--config", file);
        Assert.Equal(2, await broker.ExitAsync());
        Assert.Equal(
            $"levada: {file}:1: there is no key 'heartbaet'; did you mean 'heartbeat'?", Assert.Single(broker.Log));
    }

    [Fact]
    public async Task Version_and_help_answer()
    {
        Assert.StartsWith("0.1.0", await RunAsync("--version"), StringComparison.Ordinal);
        var help = await RunAsync("server", "--help");
        string[] options = ["data-dir", "bind", "amqp-port", "amqps-port", "http-port", "cert", "key", "config"];
        foreach (var option in options)
            Assert.Contains($"--{option} <", help, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(BrokerProcess.Executable, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static HttpClient Guest(BrokerProcess broker)
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://{broker.Http}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "Z3Vlc3Q6Z3Vlc3Q=");
        return http;
    }
}
