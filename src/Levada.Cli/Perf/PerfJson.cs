using System.Text.Json.Serialization;
using Levada.Cli.Perf.Scenarios;
using Levada.Cli.Perf.Throughput;

namespace Levada.Cli.Perf;

/// <summary>How results become JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ThroughputSummary))]
[JsonSerializable(typeof(ChurnResult[]))]
[JsonSerializable(typeof(BusyChannelsResult))]
internal sealed partial class PerfJson : JsonSerializerContext;
