using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Levada.Protocol;
using Levada.Tests.Host;
using Levada.Tests.Rules;
using Levada.Tests.Tidy;
using Xunit;

namespace Levada.Tests.Metrics;

/// <summary>/metrics and what is below it, asked of an executable on its port for metrics.</summary>
public sealed class MetricsTests : IAsyncLifetime
{
    private const string AllFamilies =
        "/metrics/detailed?family=connection_churn_metrics&family=connection_coarse_metrics&family=connection_metrics"
        + "&family=channel_metrics&family=channel_exchange_metrics&family=channel_queue_metrics"
        + "&family=channel_queue_exchange_metrics&family=queue_coarse_metrics&family=queue_metrics"
        + "&family=queue_consumer_count&family=node_metrics&family=node_coarse_metrics&family=node_persister_metrics"
        + "&family=auth_attempt_metrics&family=vhost_status&family=vhost_message_stats&family=exchange_names"
        + "&family=exchange_bindings&family=exchange_metrics";

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private BrokerProcess _broker = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _broker = await BrokerProcess.StartAsync(_folder.Path);
        _http.BaseAddress = new Uri($"http://{_broker.Metrics}");
    }

    [LevadaFact]
    public async Task Every_family_of_RabbitMQ_is_here_or_left_out_for_a_reason()
    {
        var answers = new Dictionary<string, Exposition>
        {
            ["aggregated"] = await GetAsync("/metrics"),
            ["per-object"] = await GetAsync("/metrics/per-object"),
            ["detailed"] = await GetAsync(AllFamilies),
        };
        var leftOut = Lines("rabbitmq-metrics-left-out.txt").Select(static l => l.Split(" | ")[0]).ToList();
        var used = new HashSet<string>();
        var wrong = new List<string>();
        foreach (var line in Lines("rabbitmq-metrics.txt"))
        {
            var (place, name, type) = (line.Split(' ')[0], line.Split(' ')[1], line.Split(' ')[2]);
            var typeHere = answers[place].Types.GetValueOrDefault(name);
            var reason = leftOut.Find(l => Names(l, name.Replace("_detailed_", "_")) || Names(l, name));
            if (reason is not null)
                used.Add(reason);
            if (typeHere is null && reason is null)
                wrong.Add($"missing: {line}");
            else if (typeHere is not null && reason is not null)
                wrong.Add($"left out, and here: {line}");
            else if (typeHere is not null && type != "untyped" && type != typeHere)
                wrong.Add($"{line} is a {typeHere} here");
        }
        wrong.AddRange(leftOut.Except(used).Select(static l => $"RabbitMQ has no {l}"));
        Assert.Empty(wrong);

        static bool Names(string line, string name) =>
            line.EndsWith('*') ? name.StartsWith(line[..^1], StringComparison.Ordinal) : line == name;
    }

    [LevadaFact]
    public async Task Objects_have_figures_of_their_own_and_names_are_escaped()
    {
        using var connection = RawConnection.Open(_broker.Amqp);
        connection.OpenChannel(7);
        connection.DeclareQueue(7, "a \"quoted\\ queue\"");
        connection.Fill("a \"quoted\\ queue\"", "one", "two");
        var all = await GetAsync("/metrics/per-object");
        Assert.Equal(2, all["""rabbitmq_queue_messages_ready{vhost="/",queue="a \"quoted\\ queue\""}"""]);
        Assert.Equal(
            1, all[$$"""rabbitmq_connection_channels{connection="{{connection.Name}}",vhost="/",user="guest"}"""]);
        Assert.Equal(
            0, all[$$"""rabbitmq_channel_consumers{channel="{{connection.Name}} (7)",vhost="/"}"""]);

        var detailed = await GetAsync("/metrics/detailed?family=queue_coarse_metrics&family=queue_coarse_metrics");
        Assert.Equal(
            2, detailed["""rabbitmq_detailed_queue_messages_ready{vhost="/",queue="a \"quoted\\ queue\""}"""]);
        var other = await GetAsync("/metrics/detailed?family=queue_coarse_metrics&vhost=other");
        Assert.DoesNotContain(other.Samples.Keys, static k => k.Contains("queue=", StringComparison.Ordinal));
    }

    [LevadaFact]
    public async Task Duplicates_are_counted_by_exchange()
    {
        using var connection = RawConnection.Open(_broker.Amqp);
        connection.OpenChannel(1);
        connection.DeclareExchange(
            1, "once", "fanout", arguments: new FieldTable().Add("x-message-deduplication", value: true));
        connection.DeclareQueue(1, "q");
        connection.Bind(1, "q", "once");
        var properties = new BasicProperties { Headers = new FieldTable().Add("x-deduplication-header", "a") };
        foreach (var body in (string[])["one", "two", "three"])
            connection.Publish(1, "once", "", body, properties);
        Assert.Equal("one", connection.Drain(1, "q"));
        var metrics = await GetAsync("/metrics/detailed?family=exchange_metrics");
        Assert.Equal(
            2, metrics["""rabbitmq_detailed_exchange_deduplication{vhost="/",exchange="once",type="fanout"}"""]);
    }

    [LevadaFact]
    public async Task Counters_keep_what_the_closed_have_done()
    {
        using (var connection = RawConnection.Open(_broker.Amqp))
        {
            connection.OpenChannel(1);
            var queue = connection.NewSharedQueue(1);
            connection.Fill(queue, "one", "two", "three");
            connection.Drain(1, queue);
            connection.Delete(1, queue);
        }
        var before = await GetAsync("/metrics");
        Assert.Equal(3, before["rabbitmq_channel_messages_published_total"]);
        using (var connection = RawConnection.Open(_broker.Amqp))
            connection.OpenChannel(1);
        var after = await GetAsync("/metrics");
        foreach (var (sample, value) in before.Samples)
        {
            if (before.Types.GetValueOrDefault(sample.Split('{')[0]) == "counter")
                Assert.True(after[sample] >= value, $"{sample} was {value} and is {after[sample]}");
        }
    }

    [LevadaFact]
    public async Task Histograms_have_what_was_timed()
    {
        using var connection = RawConnection.Open(_broker.Amqp);
        connection.OpenChannel(1);
        connection.SelectConfirms(1);
        connection.DeclareQueue(1, "timed", durable: true);
        for (ulong number = 1; number <= 40; number++)
        {
            connection.Publish(1, "", "timed", "x"u8.ToArray(), new() { DeliveryMode = 2 });
            connection.ExpectConfirms(1, 1, number);
            if (number % 2 == 0)
                connection.Get(1, "timed", noAck: true);
        }
        var metrics = await GetAsync("/metrics");
        foreach (var name in (string[])["levada_confirm_seconds", "levada_journal_sync_seconds"])
        {
            Assert.True(metrics[$"{name}_count"] >= 2, name);
            Assert.Equal(metrics[$"{name}_count"], metrics[$$"""{{name}}_bucket{le="+Inf"}"""]);
            Assert.True(metrics[$"{name}_sum"] > 0, name);
        }
        Assert.True(metrics["levada_queue_time_seconds_count"] >= 1);
        Assert.True(metrics["levada_journal_group_bytes_sum"] >= 40);
    }

    [LevadaFact]
    public async Task Messages_are_counted_by_vhost_and_by_type_of_queue()
    {
        using var connection = RawConnection.Open(_broker.Amqp);
        connection.OpenChannel(1);
        connection.Send(1, new QueueDeclare(
            "kept", Durable: true, Arguments: new FieldTable().Add("x-queue-type", "quorum")));
        connection.Expect<QueueDeclareOk>(1);
        var queue = connection.NewQueue(1);
        foreach (var to in (string[])["kept", queue, queue])
        {
            connection.Publish(1, "", to, "body");
            connection.Send(1, new BasicGet(to, NoAck: true));
            connection.ExpectGetOk(1);
        }
        connection.Send(1, new QueueDelete(queue));
        connection.Expect<QueueDeleteOk>(1);
        var metrics = await GetAsync("/metrics");
        const string delivered = "rabbitmq_global_messages_delivered_total{protocol=\"amqp091\",queue_type=";
        // What a queue that is gone has done stays counted.
        Assert.Equal(2, metrics[$"{delivered}\"rabbit_classic_queue\"}}"]);
        Assert.Equal(1, metrics[$"{delivered}\"rabbit_quorum_queue\"}}"]);
        var vhosts = await GetAsync("/metrics/detailed?family=vhost_message_stats");
        Assert.Equal(3, vhosts["""rabbitmq_detailed_vhost_messages_published_total{vhost="/"}"""]);
        Assert.Equal(3, vhosts["""rabbitmq_detailed_vhost_messages_delivered_total{vhost="/"}"""]);
        Assert.Equal(1, vhosts["""rabbitmq_detailed_vhost_queues{vhost="/"}"""]);
    }

    [LevadaFact]
    public async Task LavinMQs_names_come_with_its_prefix()
    {
        var metrics = await GetAsync("/metrics?prefix=lavinmq");
        foreach (var name in (string[])
        [
            "identity_info", "connections", "channels", "consumers", "queues", "bindings", "connections_opened_total",
            "channels_closed_total", "queues_declared_total", "queue_messages", "queue_messages_ready",
            "global_messages_delivered_total", "process_open_fds", "process_open_tcp_sockets", "process_max_fds",
            "process_resident_memory_bytes", "resident_memory_limit_bytes", "disk_space_available_bytes", "uptime",
            "cpu_system_time_total", "cpu_user_time_total", "telemetry_scrape_duration_seconds",
        ])
        {
            Assert.Contains($"lavinmq_{name}", metrics.Types.Keys);
        }
        Assert.DoesNotContain(metrics.Types.Keys, static n => n.StartsWith("rabbitmq", StringComparison.Ordinal));
        var detailed = await GetAsync($"{AllFamilies}&prefix=lavinmq");
        foreach (var name in (string[])
        [
            "connections_opened_total", "connections_closed_total", "channels_opened_total", "channels_closed_total",
            "queues_declared_total", "queues_deleted_total", "consumers_added_total", "consumers_removed_total",
            "connection_incoming_bytes_total", "connection_outgoing_bytes_total", "connection_channels",
            "channel_consumers", "channel_prefetch", "channel_messages_unacked", "queue_messages",
            "queue_messages_ready", "queue_messages_unacked", "queue_consumers", "queue_deduplication",
            "vhost_messages_published_total", "vhost_messages_delivered_total", "vhost_queues",
            "exchange_deduplication",
        ])
        {
            Assert.Contains($"lavinmq_detailed_{name}", detailed.Types.Keys);
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.GetAsync("/metrics?prefix=9 lives", Stop)).StatusCode);
    }

    [LevadaFact]
    public async Task Who_asks_for_OpenMetrics_gets_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("application/openmetrics-text; version=1.0.0");
        var answer = await _http.SendAsync(request, Stop);
        Assert.Equal("application/openmetrics-text", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE rabbitmq_connections_opened counter\nrabbitmq_connections_opened_total ", text);
    }

    [LevadaFact]
    public async Task The_port_for_metrics_has_nothing_else()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/overview", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/metrics/memory-breakdown", Stop)).StatusCode);
        using var api = new HttpClient { BaseAddress = new Uri($"http://{_broker.Http}") };
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/metrics", Stop)).StatusCode);
    }

    [LevadaFact]
    public async Task Metrics_may_be_for_users_alone()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(
            folder.Path, new Dictionary<string, string> { ["LEVADA_PROMETHEUS_AUTHENTICATION_ENABLED"] = "true" }, []);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{broker.Metrics}") };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/metrics", Stop)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("guest:guest")));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/metrics", Stop)).StatusCode);
    }

    [LevadaFact]
    public async Task Board_and_alerts_name_metrics_that_there_are()
    {
        using var connection = RawConnection.Open(_broker.Amqp);
        var names = new HashSet<string>((await GetAsync("/metrics")).Samples.Keys.Select(NameOf));
        names.UnionWith((await GetAsync(AllFamilies)).Types.Keys);
        var contrib = Path.Combine(SourceTree.Root, "contrib");
        foreach (var file in (string[])["grafana/levada.json", "prometheus/levada-alerts.yml"])
        {
            var named = Regex.Matches(
                await File.ReadAllTextAsync(Path.Combine(contrib, file), Stop),
                @"\b(rabbitmq|levada|process)_[a-z_]+[a-z]\b").Select(static m => m.Value).Distinct().ToList();
            Assert.True(named.Count > 10, file);
            Assert.Empty(named.Except(names).Except(OnlySometimes));
        }

        static string NameOf(string sample) => sample.Split('{')[0];
    }

    // Families that have samples only when there is something to show.
    private static readonly string[] OnlySometimes =
        ["levada_tls_certificate_not_after_seconds", "levada_refused_total"];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(SourceTree.Root, "tests", file)).Where(static l => l.Length > 0 && l[0] != '#');

    private async Task<Exposition> GetAsync(string path) => Exposition.Parse(await _http.GetStringAsync(path, Stop));
}
