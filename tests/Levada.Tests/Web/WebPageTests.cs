using System.Net;
using Xunit;

namespace Levada.Tests.Web;

/// <summary>How the web page is served.</summary>
public sealed class WebPageTests
{
    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("")]
    public Task Is_served_as_the_browser_takes_it_and_kept_by_it(string encoding) => ServeAsync(async client =>
    {
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
    public Task All_that_the_page_names_is_there_for_ever() => ServeAsync(async client =>
    {
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
    public Task A_refused_fetch_does_not_make_the_browser_ask() => ServeAsync(async client =>
    {
        using var plain = await client.GetAsync("/api/overview");
        Assert.Equal(HttpStatusCode.Unauthorized, plain.StatusCode);
        Assert.NotEmpty(plain.Headers.WwwAuthenticate);
        client.DefaultRequestHeaders.Add("X-Requested-With", "fetch");
        using var fetched = await client.GetAsync("/api/overview");
        Assert.Equal(HttpStatusCode.Unauthorized, fetched.StatusCode);
        Assert.Empty(fetched.Headers.WwwAuthenticate);
    });

    private static async Task ServeAsync(Func<HttpClient, Task> act)
    {
        await using var broker = await WebBroker.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(broker.Url) };
        await act(client);
    }
}
