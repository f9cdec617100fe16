using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Levada.Protocol;
using Levada.Tests.Host;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Metrics;

/// <summary>What an OpenTelemetry collector gets, over HTTP, from an executable.</summary>
public sealed class OtlpTests : IAsyncLifetime
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string SpanId = "00f067aa0ba902b7";

    private readonly TempFolder _folder = new();
    private readonly HttpListener _collector = new();
    private readonly ConcurrentBag<byte[]> _metrics = [];
    private readonly ConcurrentBag<byte[]> _traces = [];
    private int _port;

    public ValueTask InitializeAsync()
    {
        _port = FreePort();
        _collector.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _collector.Start();
        _ = CollectAsync();
        return ValueTask.CompletedTask;
    }

    [LevadaFact]
    public async Task Metrics_and_spans_of_sampled_messages_arrive_and_messages_stay_as_they_are()
    {
        await using var broker = await StartAsync(("LEVADA_OTLP_TRACES", "true"));
        using var connection = RawConnection.Open(broker.Amqp);
        connection.OpenChannel(1);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, noAck: true);
        var sampled = $"00-{TraceId}-{SpanId}-01";
        var ignored = $"00-{TraceId.Replace('4', '5')}-{SpanId}-00";
        foreach (var context in (string[])[sampled, ignored, "nonsense"])
        {
            connection.Publish(1, "", queue, "body", new() { Headers = new() { { "traceparent", context } } });
            Assert.Equal(
                context, connection.ExpectDeliver(1).Properties.Headers!.TryGet("traceparent", out var came)
                    ? came.AsString : "");
        }
        await UntilAsync(() => Has(_metrics, "rabbitmq_connections") && Has(_metrics, "levada_warnings"));
        await UntilAsync(() => Has(_traces, $"publish {queue}") && Has(_traces, $"deliver {queue}"));
        Assert.True(Has(_traces, Convert.FromHexString(TraceId)) && Has(_traces, Convert.FromHexString(SpanId)));
        Assert.False(Has(_traces, Convert.FromHexString(TraceId.Replace('4', '5'))));
        Assert.True(Has(_metrics, "a broker in a test"));
        Assert.Equal(0, await broker.StopAsync());
    }

    [LevadaFact]
    public async Task Without_traces_no_span_is_made()
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.Open(broker.Amqp);
        connection.OpenChannel(1);
        var queue = connection.NewQueue(1);
        connection.Publish(
            1, "", queue, "body", new() { Headers = new() { { "traceparent", $"00-{TraceId}-{SpanId}-01" } } });
        Assert.Equal(1u, connection.Count(1, queue));
        await UntilAsync(() => Has(_metrics, "rabbitmq_connections"));
        Assert.Equal(0, await broker.StopAsync());
        Assert.Empty(_traces);
    }

    public ValueTask DisposeAsync()
    {
        _collector.Close();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<BrokerProcess> StartAsync(params (string Name, string Value)[] more) => BrokerProcess.StartAsync(
        _folder.Path,
        new Dictionary<string, string>(more.Select(static m => KeyValuePair.Create(m.Name, m.Value)))
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{_port}",
            ["OTEL_SERVICE_NAME"] = "a broker in a test",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        },
        []);

    private async Task CollectAsync()
    {
        while (_collector.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _collector.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            (context.Request.Url!.AbsolutePath == "/v1/traces" ? _traces : _metrics).Add(body.ToArray());
            context.Response.Close();
        }
    }

    private static bool Has(IEnumerable<byte[]> bodies, string text) => Has(bodies, Encoding.UTF8.GetBytes(text));

    private static bool Has(IEnumerable<byte[]> bodies, byte[] bytes) =>
        bodies.Any(body => body.AsSpan().IndexOf(bytes) >= 0);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isSo())
            await Task.Delay(50, patience.Token);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
