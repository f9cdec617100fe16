using System.Text.Json;
using Levada.Operations;

namespace Levada.Management.Api;

/// <summary>A request of an operator, in /api/audit.</summary>
internal sealed record AuditReply(
    DateTimeOffset At, string User, string From, string Action, string Target, string Reason, string Outcome,
    string Detail)
{
    public static AuditReply Of(AuditEntry e) => new(
        e.At, e.User, e.From, Word(e.Action), e.Target, e.Reason, Word(e.Result.Outcome), e.Result.Detail);

    /// <summary>Also the labels of the metric.</summary>
    public static string Word(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");
}
