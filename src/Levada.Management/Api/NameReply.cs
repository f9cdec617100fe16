namespace Levada.Management.Api;

/// <summary>The name of the cluster, or of anything.</summary>
internal sealed record NameReply(string Name);
