using Levada.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Levada.Management.Otlp;

/// <summary>
/// Sends metrics, and spans of messages if they are wanted, to a collector by OpenTelemetry's protocol. Nothing of it
/// is touched unless the configuration names a collector.
/// </summary>
public sealed partial class OtlpExport : IDisposable
{
    private const int StopMs = 2_000;

    private readonly OtlpMetrics? _metrics;
    private readonly MeterProvider? _meters;
    private readonly TracerProvider? _tracers;

    private OtlpExport(Broker broker, BrokerOptions options)
    {
        var resource = ResourceBuilder.CreateDefault()
            .AddService(options.OtlpServiceName, serviceVersion: Broker.Version, serviceInstanceId: broker.NodeName);
        if (options.OtlpMetrics)
        {
            _metrics = new OtlpMetrics(broker, options);
            _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(OtlpMetrics.MeterName)
                .AddOtlpExporter((exporter, reader) =>
                {
                    Configure(exporter, options, "metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds =
                        (int)options.OtlpInterval.TotalMilliseconds;
                })
                .Build();
        }
        if (options.OtlpTraces)
        {
            _tracers = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
                .AddSource(MessageSpans.SourceName).AddOtlpExporter(o => Configure(o, options, "traces")).Build();
        }
    }

    /// <summary>Begins to send; null if there is nowhere to.</summary>
    public static OtlpExport? Start(Broker broker, BrokerOptions options, ILoggerFactory loggers)
    {
        if (options.OtlpEndpoint.Length == 0)
            return null;
        var logger = loggers.CreateLogger<OtlpExport>();
        LogStarted(logger, options.OtlpEndpoint, options.OtlpMetrics, options.OtlpTraces);
        return new OtlpExport(broker, options);
    }

    /// <summary>Sends what is left, for two seconds at most.</summary>
    public void Dispose()
    {
        _meters?.Shutdown(StopMs);
        _meters?.Dispose();
        _tracers?.Shutdown(StopMs);
        _tracers?.Dispose();
        _metrics?.Dispose();
    }

    // Over HTTP the exporter takes what it is given in code as it is, without the signal's path.
    private static void Configure(OtlpExporterOptions exporter, BrokerOptions options, string signal)
    {
        var isGrpc = options.OtlpProtocol == "grpc";
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(isGrpc ? options.OtlpEndpoint : $"{options.OtlpEndpoint.TrimEnd('/')}/v1/{signal}");
        if (options.OtlpHeaders.Length > 0)
            exporter.Headers = options.OtlpHeaders;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "telemetry goes to {Endpoint}: metrics {Metrics}, traces {Traces}")]
    private static partial void LogStarted(ILogger logger, string endpoint, bool metrics, bool traces);
}
