namespace Levada.Management.Api;

/// <summary>GET /api/whoami.</summary>
internal sealed record WhoAmIReply(string Name, IReadOnlyList<string> Tags);
