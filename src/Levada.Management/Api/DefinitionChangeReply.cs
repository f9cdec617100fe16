using Levada.Definitions;

namespace Levada.Management.Api;

/// <summary>What an import would do about one object: added, changed, or kept as it is though it differs.</summary>
internal sealed record DefinitionChangeReply(string Object, string? Vhost, string Name, string Outcome)
{
    public static DefinitionChangeReply Of(DefinitionChange change) =>
        new(change.Kind, change.VHost, change.Name, AuditReply.Word(change.Outcome));
}
