namespace Levada.Definitions;

/// <summary>What an import does, or would do, about one object.</summary>
/// <param name="Kind">What it is: vhost, user, permission, queue, ...</param>
/// <param name="VHost">Where; null for what is the node's.</param>
/// <param name="Name">Which.</param>
/// <param name="Outcome">What becomes of it.</param>
public sealed record DefinitionChange(string Kind, string? VHost, string Name, DefinitionOutcome Outcome);
