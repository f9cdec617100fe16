using System.Text.Json;
using Levada.Definitions;
using Levada.Policies;

namespace Levada.Management.Api;

/// <summary>The body of a request that sets a parameter or a limit: {"value": ...}.</summary>
internal static class ParameterValue
{
    /// <exception cref="RefusedDefinitionException">There is none.</exception>
    public static JsonElement Of(DefinitionObject body) => body.Json.TryGetProperty("value", out var value)
        ? value
        : throw new RefusedDefinitionException("[{key_missing,value}]");
}
