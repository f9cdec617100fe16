using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Levada.Protocol;
using Levada.Tests.Host;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Crash;

/// <summary>SIGKILL while messages are moved round and round, from queue to queue and from shard to shard.</summary>
public sealed class MoveKillTests
{
    private const int Messages = 6000;
    private const int Rounds = 8;
    private static readonly string[] Queues = ["round-a", "round-b", "round-c", "round-d", "round-e"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_message_is_in_one_queue_and_once_and_moves_go_on()
    {
        using var folder = new TempFolder();
        var random = new Random();
        for (var round = 0; round < Rounds; round++)
        {
            await using var broker = await StartAsync(folder.Path);
            using var client = Open(broker);
            if (round == 0)
                Fill(client);
            Assert.Equal(Messages, Count(client));
            using var http = NewHttp(broker);
            var moves = Queues.Select((from, i) => MoveOnAsync(http, from, Queues[(i + 1) % Queues.Length])).ToArray();
            // So many questions and answers later they are somewhere in the midst of it.
            for (var left = random.Next(60); left > 0; left--)
                Count(client);
            await broker.KillAsync();
            await Task.WhenAll(moves);
        }
        await using var last = await StartAsync(folder.Path);
        using var later = Open(last);
        Assert.Equal(Messages, Count(later));
        using var again = NewHttp(last);
        foreach (var queue in Queues[1..])
            Assert.Equal(HttpStatusCode.OK, await MoveAsync(again, queue, Queues[0]));
        var found = later.Drain(1, Queues[0]).Split(' ').Select(static text => text.TrimEnd('*')).ToList();
        Assert.Equal(Messages, found.Count);
        Assert.Equal(Messages, found.Distinct().Count());
    }

    private static Task<BrokerProcess> StartAsync(string folder) => BrokerProcess.StartAsync(
        folder, new Dictionary<string, string> { ["LEVADA_SHARDS"] = "3" }, []);

    private static RawConnection Open(BrokerProcess broker)
    {
        var client = RawConnection.Open(broker.Amqp);
        client.OpenChannel(1);
        return client;
    }

    private static void Fill(RawConnection client)
    {
        foreach (var queue in Queues)
            client.DeclareQueue(1, queue, durable: true);
        client.Fill(
            Queues[0], new BasicProperties { DeliveryMode = 2 },
            [.. Enumerable.Range(0, Messages).Select(static i => i.ToString(CultureInfo.InvariantCulture))]);
    }

    // Those on their way are no longer ready in the one queue, and not yet in the other: only at rest this says all.
    private static int Count(RawConnection client) => Queues.Sum(queue => (int)client.Count(1, queue));

    private static HttpClient NewHttp(BrokerProcess broker)
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://{broker.Http}") };
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String("guest:guest"u8));
        return http;
    }

    // Until the broker is gone.
    private static async Task MoveOnAsync(HttpClient http, string from, string to)
    {
        try
        {
            while (await MoveAsync(http, from, to) == HttpStatusCode.OK)
            {
                // The next ones have come meanwhile.
            }
        }
        catch (HttpRequestException)
        {
            // It was killed.
        }
    }

    private static async Task<HttpStatusCode> MoveAsync(HttpClient http, string from, string to)
    {
        using var order = new StringContent($$"""{"destination":"{{to}}"}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(
            new Uri($"/api/queues/%2F/{from}/move", UriKind.Relative), order, Cancelled);
        return response.StatusCode;
    }
}
