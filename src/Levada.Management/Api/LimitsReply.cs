namespace Levada.Management.Api;

/// <summary>The limits of a virtual host or a user, those that it has; one of the two is named.</summary>
internal sealed record LimitsReply(string? Vhost, string? User, IReadOnlyDictionary<string, int> Value);
