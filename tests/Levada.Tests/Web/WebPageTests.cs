using System.Net;
using Levada.Management;
using Levada.Tests.Clients;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Web;

/// <summary>The web page: how it is served, and what readers do with it in a browser (tests/clients/node).</summary>
public sealed class WebPageTests
{
    private static string Script => Path.Combine(Prerequisites.ClientsFolder, "node", "web-page.mjs");

    [Theory]
    [InlineData("everyPageInLight")]
    [InlineData("everyPageInDark")]
    [InlineData("everyPageInLightAndNarrow")]
    [InlineData("everyPageInDarkAndNarrow")]
    [InlineData("signsInAndOut")]
    [InlineData("showsARoleWhatItMay")]
    [InlineData("refusesInWords")]
    [InlineData("findsAndClosesAConnection")]
    [InlineData("groupsConnections")]
    [InlineData("showsWhatAClientSends")]
    [InlineData("managesAChannel")]
    [InlineData("managesQueues")]
    [InlineData("bindsExchanges")]
    [InlineData("managesUsersAndVirtualHosts")]
    [InlineData("setsPolicies")]
    [InlineData("importsDefinitionsAfterALook")]
    [InlineData("setsParametersAndLimits")]
    [InlineData("looksAtAVirtualHost")]
    [InlineData("managesManyUsers")]
    [InlineData("managesTheNode")]
    [InlineData("setsTheConfiguration")]
    [InlineData("reachesAllThatTheApiOffers")]
    [InlineData("drawsOnlyWhatIsInSight")]
    [InlineData("staysInAListThatBecomesShorter")]
    [InlineData("drawsWhatWasBefore")]
    [InlineData("goesByKeysAndRemembersColumns")]
    public Task Reader(string scenario) => ServeAsync(async (broker, http) =>
    {
        await using var client = ClientProcess.Start(
            Prerequisites.Node, Script, http, broker.Uri, Prerequisites.Chromium, scenario);
        await client.Passes();
    });

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("")]
    public Task Is_served_as_the_browser_takes_it_and_kept_by_it(string encoding) => ServeAsync(async (_, http) =>
    {
        using var client = new HttpClient { BaseAddress = new Uri(http) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", encoding);
        using var page = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(encoding, string.Join(",", page.Content.Headers.ContentEncoding));
        Assert.True(page.Headers.CacheControl!.NoCache);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var kept = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, kept.StatusCode);
    });

    [Fact]
    public Task All_that_the_page_names_is_there_for_ever() => ServeAsync(async (_, http) =>
    {
        using var client = new HttpClient { BaseAddress = new Uri(http) };
        var page = await client.GetStringAsync("/");
        var names = page.Split('"').Where(static part => part.StartsWith("/assets/", StringComparison.Ordinal))
            .ToList();
        Assert.True(names.Count >= 2, page);
        foreach (var name in names)
        {
            using var file = await client.GetAsync(name);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    });

    [Fact]
    public Task A_refused_fetch_does_not_make_the_browser_ask() => ServeAsync(async (_, http) =>
    {
        using var client = new HttpClient { BaseAddress = new Uri(http) };
        using var plain = await client.GetAsync("/api/overview");
        Assert.Equal(HttpStatusCode.Unauthorized, plain.StatusCode);
        Assert.NotEmpty(plain.Headers.WwwAuthenticate);
        client.DefaultRequestHeaders.Add("X-Requested-With", "fetch");
        using var fetched = await client.GetAsync("/api/overview");
        Assert.Equal(HttpStatusCode.Unauthorized, fetched.StatusCode);
        Assert.Empty(fetched.Headers.WwwAuthenticate);
    });

    private static async Task ServeAsync(Func<TestBroker, string, Task> act)
    {
        await using var broker = await TestBroker.StartAsync(
            o => o.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)]);
        await using var server = ManagementServer.Start(broker.Broker, broker.Options, NullLoggerFactory.Instance);
        await act(broker, $"http://127.0.0.1:{server.Listeners[0].Port}/".TrimEnd('/'));
    }
}
