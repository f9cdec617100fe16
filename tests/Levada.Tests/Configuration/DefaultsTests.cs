using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Levada.Configuration;
using Levada.Tests.Host;
using Xunit;

namespace Levada.Tests.Configuration;

/// <summary>
/// default_users, default_limits, default_policies and their like in a process, and the file with its process id.
/// </summary>
public sealed class DefaultsTests : IDisposable
{
    private const string Text =
        """
        default_user = ops
        default_pass = secret
        default_user_tags.monitoring = true
        default_user_tags.administrator = false
        default_user_tags.policymaker = true
        default_permissions.configure = ^mine
        default_permissions.write = ^orders
        default_permissions.read = .*
        loopback_users = none
        cluster_name = north
        default_users.ann.the.dev.vhost_pattern = ^(qa|/$)
        default_users.ann.the.dev.tags = administrator, audit
        default_users.ann.the.dev.password = open sesame
        default_users.ann.the.dev.configure = ^a
        default_users.ann.the.dev.read = .*
        default_users.ann.the.dev.write = ^b
        default_limits.vhosts.1.pattern = ^qa
        default_limits.vhosts.1.max_connections = 10
        default_limits.vhosts.1.max_queues = 1000
        default_limits.vhosts.2.pattern = .*
        default_limits.vhosts.2.max_connections = 20
        default_limits.vhosts.2.max_queues = -1
        default_policies.operator.capped.vhost_pattern = ^qa
        default_policies.operator.capped.queue_pattern = ^device
        default_policies.operator.capped.expires = 2h
        default_policies.operator.capped.max_length_bytes = 1MiB
        default_policies.operator.capped.delivery_limit = 5
        default_policies.operator.capped.classic_queues.queue_version = 2
        """;

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_configured_is_there_from_the_first_start_and_not_made_again()
    {
        var (file, pid) = (Path.Combine(_folder.Path, "levada.conf"), Path.Combine(_folder.Path, "run", "levada.pid"));
        var data = Path.Combine(_folder.Path, "data");
        await File.WriteAllTextAsync(file, $"{Text}\npidfile = {pid}\n", Stop);
        await using (var broker = await BrokerProcess.StartAsync(data, "--config", file))
        {
            Assert.Equal($"{broker.Id}\n", await File.ReadAllTextAsync(pid, Stop));
            using var ann = Open(broker, "ann.the.dev", "open sesame");
            Assert.Equal("north", (await GetAsync(ann, "cluster-name")).GetProperty("name").GetString());
            Assert.Equal("audit,administrator", TagsOf(await GetAsync(ann, "users/ann.the.dev")));
            Assert.Equal("policymaker,monitoring", TagsOf(await GetAsync(ann, "users/ops")));
            Assert.Equal(("^mine", "^orders", ".*"), await RightsAsync(ann, "%2F", "ops"));
            Assert.Equal(("^a", "^b", ".*"), await RightsAsync(ann, "%2F", "ann.the.dev"));
            Assert.Equal("""{"max-connections":20}""", await LimitsAsync(ann, "%2F"));
            Assert.Equal(0, (await GetAsync(ann, "operator-policies")).GetArrayLength());

            await SendAsync(ann, HttpMethod.Put, "vhosts/qa-1", "{}");
            Assert.Equal("""{"max-connections":10,"max-queues":1000}""", await LimitsAsync(ann, "qa-1"));
            var policy = Assert.Single((await GetAsync(ann, "operator-policies/qa-1")).EnumerateArray());
            Assert.Equal(("capped", "^device", "queues"),
                (Of(policy, "name"), Of(policy, "pattern"), Of(policy, "apply-to")));
            Assert.Equal(
                """{"expires":7200000,"max-length-bytes":1048576,"delivery-limit":5,"queue-version":2}""",
                policy.GetProperty("definition").GetRawText());
            // A definitions file makes virtual hosts too.
            await SendAsync(ann, HttpMethod.Post, "definitions", """{"vhosts":[{"name":"qa-2"}]}""");
            Assert.Equal(("^a", "^b", ".*"), await RightsAsync(ann, "qa-2", "ann.the.dev"));
            Assert.Equal(1, (await GetAsync(ann, "operator-policies/qa-2")).GetArrayLength());

            await SendAsync(ann, HttpMethod.Delete, "vhost-limits/qa-1/max-queues", null);
            await SendAsync(ann, HttpMethod.Delete, "users/ops", null);
            Assert.Equal(0, await broker.StopAsync());
        }
        Assert.False(File.Exists(pid));
        await using var again = await BrokerProcess.StartAsync(data, "--config", file);
        using var asked = Open(again, "ann.the.dev", "open sesame");
        Assert.Equal("""{"max-connections":10}""", await LimitsAsync(asked, "qa-1"));
        using var gone = await asked.GetAsync(new Uri("/api/users/ops", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("default_limits.vhosts.1.max_queues = 5", "pattern is missing")]
    [InlineData("default_limits.vhosts.1.max_exchanges = 5", "there is no key")]
    [InlineData("default_users.ann.pass = x", "there is no key")]
    [InlineData("default_users.ann.read = (", "regular expression")]
    [InlineData("default_permissions.read = (", "regular expression")]
    [InlineData("default_policies.operator.a.max_length = many", "default_policies.operator.a:")]
    [InlineData("default_policies.operator.a.nonsense = 1", "nonsense")]
    [InlineData("default_policies.operator.a.expires = soon", "2h")]
    public void What_makes_no_sense_stops_the_start(string text, string expected)
    {
        var fault = Assert.Throws<ConfigurationException>(
            () => LoadedConfiguration.Of(ConfigurationFile.Parse(text, "x.conf")));
        Assert.Contains("x.conf:1", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_cannot_be_written_stops_the_start()
    {
        var file = Path.Combine(_folder.Path, "levada.conf");
        await File.WriteAllTextAsync(file, "pidfile = /proc/none/x\n", Stop);
        await using var broker = BrokerProcess.Launch(Path.Combine(_folder.Path, "data"), "--config", file);
        Assert.NotEqual(0, await broker.ExitAsync());
        Assert.Contains(broker.Log, static line => line.Contains("/proc/none", StringComparison.Ordinal));
    }

    private static HttpClient Open(BrokerProcess broker, string user, string password)
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://{broker.Http}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return http;
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string path) =>
        JsonElement.Parse(await http.GetStringAsync(new Uri($"/api/{path}", UriKind.Relative), Stop));

    private static async Task SendAsync(HttpClient http, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"/api/{path}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, Stop);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}");
    }

    private static async Task<(string, string, string)> RightsAsync(HttpClient http, string vhost, string user)
    {
        var rights = await GetAsync(http, $"permissions/{vhost}/{user}");
        return (Of(rights, "configure"), Of(rights, "write"), Of(rights, "read"));
    }

    private static async Task<string> LimitsAsync(HttpClient http, string vhost) =>
        (await GetAsync(http, $"vhost-limits/{vhost}"))[0].GetProperty("value").GetRawText();

    private static string Of(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string TagsOf(JsonElement user) => string.Join(
        ',', user.GetProperty("tags").EnumerateArray().Select(static tag => tag.GetString())
            .OrderByDescending(static tag => tag, StringComparer.Ordinal));
}
