using System.Text.Json.Serialization;
using Levada.Configuration;

namespace Levada.Cli.Server;

/// <summary>Rows of <c>config show</c> as the API has them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConfigurationRow))]
internal sealed partial class ConfigJson : JsonSerializerContext;
