namespace Levada.Management.Api;

/// <summary>The body of an alarms check.</summary>
internal sealed record AlarmsReply(string Status, string? Reason, IReadOnlyList<AlarmReply>? Alarms);

/// <summary>A node's resource that is short.</summary>
internal sealed record AlarmReply(string Node, string Resource, string Reason);
