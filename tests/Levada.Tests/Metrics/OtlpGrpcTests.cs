using System.Collections.Concurrent;
using System.Net;
using Levada.Tests.Host;
using Levada.Tests.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Levada.Tests.Metrics;

/// <summary>What an OpenTelemetry collector gets over gRPC, from an executable.</summary>
public sealed class OtlpGrpcTests : IAsyncLifetime
{
    private const string Services = "/opentelemetry.proto.collector";
    private const int PrefixSize = 5;

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, ConcurrentBag<byte[]>> _received = new();
    private WebApplication _collector = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, static listener => listener.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        _collector = builder.Build();
        _collector.MapPost($"{Services}.metrics.v1.MetricsService/Export", context => TakeAsync(context, "metrics"));
        _collector.MapPost($"{Services}.trace.v1.TraceService/Export", context => TakeAsync(context, "traces"));
        await _collector.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        _folder.Dispose();
    }

    [LevadaFact]
    public async Task Metrics_and_spans_arrive()
    {
        await using var broker = await BrokerProcess.StartAsync(
            _folder.Path,
            new Dictionary<string, string>
            {
                ["LEVADA_OTLP_ENDPOINT"] = _collector.Urls.Single(),
                ["LEVADA_OTLP_PROTOCOL"] = "grpc",
                ["LEVADA_OTLP_HEADERS"] = "x-tenant=north",
                ["LEVADA_OTLP_TRACES"] = "true",
                ["LEVADA_OTLP_INTERVAL"] = "500",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            },
            []);
        using var connection = RawConnection.Open(broker.Amqp);
        connection.OpenChannel(1);
        var queue = connection.NewQueue(1);
        const string sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        connection.Publish(1, "", queue, "body", new() { Headers = new() { { "traceparent", sampled } } });
        await UntilAsync(() => Has("metrics", "rabbitmq_connections") && Has("metrics", "levada_warnings")
            && Has("traces", $"publish {queue}"));
        Assert.Equal(0, await broker.StopAsync());
        Assert.True(_received.ContainsKey("tenant north"));
    }

    // A message is its length behind a flag, and protocol buffers.
    private async Task TakeAsync(HttpContext context, string kind)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.GetOrAdd(kind, static _ => []).Add(body.ToArray()[PrefixSize..]);
        _received.TryAdd($"tenant {context.Request.Headers["x-tenant"]}", []);
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[PrefixSize]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private bool Has(string kind, string text) => _received.TryGetValue(kind, out var bodies)
        && bodies.Any(body => body.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!isSo())
            await Task.Delay(50, patience.Token);
    }
}
