namespace Levada.Management.Api;

/// <summary>What answers.</summary>
internal sealed record VersionReply(string ProductName, string ProductVersion, string RabbitmqVersion);
