namespace Levada.Management.Api;

/// <summary>One of RabbitMQ's feature flags.</summary>
internal sealed record FeatureReply(string Name)
{
    public string Desc { get; } = "";

    public string DocUrl { get; } = "";

    public string State { get; } = "enabled";

    public string Stability { get; } = "stable";

    public string ProvidedBy { get; } = "levada";
}
