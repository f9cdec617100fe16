using Levada.Definitions;

namespace Levada.Management.Api;

/// <summary>What an import of definitions would do; what is there already is only counted.</summary>
internal sealed record DryRunReply(bool DryRun, int Unchanged, IReadOnlyList<DefinitionChangeReply> Changes)
{
    public static DryRunReply Of(IReadOnlyList<DefinitionChange> changes) => new(
        true, changes.Count(static c => c.Outcome == DefinitionOutcome.Unchanged),
        [.. changes.Where(static c => c.Outcome != DefinitionOutcome.Unchanged).Select(DefinitionChangeReply.Of)]);
}
