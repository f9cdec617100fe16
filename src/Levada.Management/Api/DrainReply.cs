namespace Levada.Management.Api;

/// <summary>The answer to GET /api/drain.</summary>
internal sealed record DrainReply(
    string Node, string State, DateTimeOffset? Since, DateTimeOffset? Deadline, int Connections,
    long MessagesUnacknowledged, long MessagesUnconfirmed);
