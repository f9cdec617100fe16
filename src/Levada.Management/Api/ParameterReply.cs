using System.Text.Json;

namespace Levada.Management.Api;

/// <summary>A parameter of a virtual host, or, without vhost and component, of the whole broker.</summary>
internal sealed record ParameterReply(JsonElement Value, string? Vhost, string? Component, string Name)
{
    public static ParameterReply Of(Catalog.Parameter parameter) =>
        new(Parse(parameter.Json), parameter.VHost, parameter.Component, parameter.Name);

    public static ParameterReply OfGlobal(string name, string json) => new(Parse(json), null, null, name);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
