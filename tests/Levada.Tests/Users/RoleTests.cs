using System.Net.Http.Headers;
using System.Text;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Levada.Tests.Tidy;
using Xunit;

namespace Levada.Tests.Users;

/// <summary>
/// Every route asked by users of every role: what tests/rabbitmq-roles.txt has from RabbitMQ, unless
/// tests/rabbitmq-roles-differences.txt says why not; routes that RabbitMQ has not stand there as well.
/// </summary>
public sealed class RoleTests
{
    private static readonly string[] Roles = ["none", "management", "policymaker", "monitoring", "administrator"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [LevadaFact]
    public async Task Every_role_may_do_what_RabbitMQ_lets_it()
    {
        var (setup, recorded) = Read("rabbitmq-roles.txt");
        var (ourSetup, differences) = Read("rabbitmq-roles-differences.txt");
        await using var api = await OperatorApi.StartAsync();
        await using var asked = await Asked.StartAsync(api);
        foreach (var request in setup.Concat(ourSetup))
            await asked.SetUpAsync(request);
        var wrong = new List<string>();
        // Before those of RabbitMQ, at whose end connections are closed.
        foreach (var (request, statuses) in differences.ExceptBy(recorded.Keys, static d => d.Key).Concat(recorded))
        {
            var expected = differences.GetValueOrDefault(request, statuses);
            var found = await asked.StatusesAsync(request);
            if (found != expected)
                wrong.Add($"{request} | {found}, not {expected}");
            else if (recorded.ContainsKey(request) && differences.ContainsKey(request) && found == statuses)
                wrong.Add($"{request} no longer differs");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [LevadaFact]
    public async Task Every_route_is_asked()
    {
        await using var api = await OperatorApi.StartAsync();
        var document = await api.GetAsync("/api/openapi.json");
        var routes = (from path in document.GetProperty("paths").EnumerateObject()
                      from operation in path.Value.EnumerateObject()
                      where path.Name.StartsWith("/api", StringComparison.Ordinal)
                      select $"{operation.Name.ToUpperInvariant()} {path.Name}").ToList();
        var asked = Read("rabbitmq-roles.txt").Requests.Keys.Concat(
                Read("rabbitmq-roles-differences.txt").Requests.Keys)
            .Select(request => RouteOf(request, routes)).ToHashSet();
        Assert.DoesNotContain(routes, route => !asked.Contains(route));
    }

    // The one with most words of its own.
    private static string? RouteOf(string request, IEnumerable<string> routes)
    {
        var parts = Parts(request);
        return routes.Where(route => Parts(route) is var template && template.Length == parts.Length
                && template.Zip(parts).All(static pair => pair.First == pair.Second || pair.First.StartsWith('{')))
            .MaxBy(route => Parts(route).Count(static part => !part.StartsWith('{')));

        static string[] Parts(string text) => string.Join('/', text.Split('?')[0].Split(' ').Take(2)).Split('/');
    }

    private static (List<string> Setup, Dictionary<string, string> Requests) Read(string name)
    {
        var (setup, requests) = (new List<string>(), new Dictionary<string, string>());
        foreach (var line in File.ReadLines(Path.Combine(SourceTree.Root, "tests", name)))
        {
            if (line.StartsWith("setup ", StringComparison.Ordinal))
                setup.Add(line["setup ".Length..]);
            else if (line.Length > 0 && !line.StartsWith('#'))
                requests.Add(line.Split(" | ")[0], line.Split(" | ")[1]);
        }
        return (setup, requests);
    }

    /// <summary>A user of each role, with a connection of its own and one of somebody else.</summary>
    private sealed class Asked(OperatorApi api) : IAsyncDisposable
    {
        private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{api.Port}") };
        private readonly Dictionary<string, RawConnection> _own = [];
        private readonly Dictionary<string, RawConnection> _others = [];

        public static async Task<Asked> StartAsync(OperatorApi api)
        {
            var asked = new Asked(api);
            await api.CreateAsync("/api/vhosts/other", "{}");
            foreach (var role in Roles)
            {
                await api.CreateAsync(
                    $"/api/users/{role}", $$"""{"password":"{{role}}","tags":"{{(role == "none" ? "" : role)}}"}""");
                await api.CreateAsync(
                    $"/api/permissions/%2F/{role}", """{"configure":".*","write":".*","read":".*"}""");
                asked._own.Add(role, RawConnection.OpenWithChannel(api.Broker, new Login(role, role)));
                asked._others.Add(role, RawConnection.OpenWithChannel(api.Broker));
            }
            return asked;
        }

        public async Task SetUpAsync(string request)
        {
            foreach (var role in Roles)
            {
                var status = await AskAsync("guest", request, role);
                Assert.True(status < 300, $"{request} for {role}: {status}");
            }
        }

        public async Task<string> StatusesAsync(string request)
        {
            var statuses = new List<int>();
            foreach (var role in Roles)
                statuses.Add(await AskAsync(role, request, role));
            return string.Join(' ', statuses);
        }

        public ValueTask DisposeAsync()
        {
            _http.Dispose();
            foreach (var connection in _own.Values.Concat(_others.Values))
                connection.Dispose();
            return ValueTask.CompletedTask;
        }

        // Some answers go on for ever: their status is enough.
        private async Task<int> AskAsync(string user, string request, string role)
        {
            var parts = Fill(request, role).Split(' ', 3);
            using var message = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
            message.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{user}")));
            if (parts.Length == 3)
                message.Content = new StringContent(parts[2], Encoding.UTF8, "application/json");
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Stop);
            return (int)answer.StatusCode;
        }

        private string Fill(string text, string role) => text
            .Replace("OWNCHANNEL", Uri.EscapeDataString($"{_own[role].Name} (1)"), StringComparison.Ordinal)
            .Replace("OWN", Uri.EscapeDataString(_own[role].Name), StringComparison.Ordinal)
            .Replace("CONNECTION", Uri.EscapeDataString(_others[role].Name), StringComparison.Ordinal)
            .Replace("CHANNEL", Uri.EscapeDataString($"{_others[role].Name} (1)"), StringComparison.Ordinal)
            .Replace("ROLE", role, StringComparison.Ordinal)
            .Replace("NODE", api.Broker.Broker.NodeName, StringComparison.Ordinal);
    }
}
